using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Danger;

namespace TuanLink.Routing.Tests.Triage;

public class DangerTests
{
    [Theory]
    [InlineData("想紫砂")]
    [InlineData("我想zs，今晚")]
    [InlineData("想s，今晚就走")]
    [InlineData("自 杀")]
    [InlineData("我不想活了")]
    [InlineData("上吊")]
    [InlineData("有约自杀的吗")]
    public void Self_harm_is_a_crisis_however_it_is_spelled(string text) => Assert.Equal(Risk.Crisis, Sorter.Sort(text).Risk);

    [Theory]
    [InlineData("谢谢你们这么久，东西都分给室友了，明天不用找我")]
    [InlineData("我室友坐在天台边上，说别管她，怎么办")]
    [InlineData("爸爸拿刀砍门，我和妹妹躲在衣柜里")]
    [InlineData("孩子放学没回家，手机关机，已经晚上十点了")]
    [InlineData("被骗到境外，护照被收，不让走，一直挨打")]
    [InlineData("我同事突然倒地，叫不醒，没有呼吸")]
    [InlineData("对方冒充公安让我转账到安全账户，我正在转")]
    public void Danger_to_life_body_or_freedom_is_a_crisis(string text)
    {
        var verdict = Sorter.Sort(text);
        Assert.Equal(Risk.Crisis, verdict.Risk);
        Assert.Equal(Urgency.Crisis, verdict.Urgency);
        Assert.NotEmpty(verdict.Evidence);
    }

    [Theory]
    [InlineData("今天搬砖累死了")]
    [InlineData("社死了，当众念错名字")]
    [InlineData("笑死我了，这个段子")]
    [InlineData("打游戏被队友坑死，又输了")]
    [InlineData("求跳楼机的学生票")]
    [InlineData("论文写的是青少年自杀预防，想找相关数据")]
    [InlineData("玩狼人杀第一晚就被刀了，下次不玩预言家")]
    [InlineData("话剧社排《雷雨》，最后一幕触电那段怎么演")]
    [InlineData("5星")]
    [InlineData("不需要了")]
    [InlineData("谢谢")]
    [InlineData("解决了")]
    public void What_only_sounds_dangerous_is_no_crisis(string text) => Assert.NotEqual(Risk.Crisis, Sorter.Sort(text).Risk);

    [Theory]
    [InlineData("最近两个月老是睡不着，觉得自己没用，没想过伤害自己")]
    [InlineData("我爸以前喝酒打过我妈，现在不打了，可我住校还是担心")]
    [InlineData("我朋友这学期话越来越少，老说没意思，我有点担心她")]
    [InlineData("同学欠了网贷三万，每天接催收电话，不敢告诉家里")]
    public void A_worry_is_a_concern_and_wakes_nobody(string text) => Assert.Equal(Risk.Concern, Sorter.Sort(text).Risk);

    [Fact]
    public void Danger_in_the_last_breath_of_a_long_message_is_found() => Assert.Equal(Risk.Crisis, Sorter.Sort(
        "想问一下奖学金的事，材料交了两周了，辅导员说还在审，公示也没出来，同学说今年名额少，我绩点排第三应该问题不大吧。其实也无所谓了，我在楼顶，今晚就不回去了").Risk);

    [Fact]
    public void Danger_never_falls_by_what_is_said_after_it()
    {
        var verdict = Sorter.Shipped.Sort("没事了，刚才是开玩笑的", new TriageContext(["我不想活了，今晚就走"], RiskSoFar: Risk.Crisis));
        Assert.Equal(Risk.Crisis, verdict.Risk);
    }

    [Fact]
    public void Danger_told_in_pieces_is_heard() => Assert.Equal(Risk.Crisis, Sorter.Sort("活了", "我", "真的不想").Risk);

    [Fact]
    public void What_a_named_human_has_lowered_is_not_raised_again_by_a_harmless_word() =>
        Assert.Equal(Risk.None, Sorter.Shipped.Sort("好的谢谢老师", new TriageContext(["我不想活了，今晚就走"])).Risk);

    [Theory]
    [InlineData("小区门口的路灯坏了快一个月，晚上下班回家特别黑，希望有人来修。", "我已经把材料交给社区了，他们让我再等等。", "其实主要是想弄清楚应该去哪个部门。", "这个星期又发生了一次，比之前还严重一点。")]
    [InlineData("实习单位拖了两个月工资不发，说我没签合同就不给，我该找谁？", "我不太想让家里人知道这件事，可以保密吗？", "对了，还有两个同学也遇到了一样的情况。", "我之前打过一次电话，对方说不归他们管。")]
    [InlineData("学校食堂最近涨价涨得厉害，一份素菜要八块，能不能反映一下？", "补充一下，我在城东这边，今年二十三岁。", "没关系，能帮我问一问就已经很感谢了。", "如果需要我到现场，我周三下午和周末都有空。")]
    public void An_ordinary_conversation_wakes_nobody(params string[] said)
    {
        for (var turn = 0; turn < said.Length; turn++)
            Assert.NotEqual(Risk.Crisis, Sorter.Sort(said[turn], said[..turn]).Risk);
    }

    [Fact]
    public void A_recorded_risk_is_never_undercut()
    {
        var verdict = Sorter.Shipped.Sort("谢谢", new TriageContext([], RiskSoFar: Risk.Crisis));
        Assert.Equal((Risk.Crisis, Urgency.Crisis), (verdict.Risk, verdict.Urgency));
    }

    [Fact]
    public void A_plan_ranks_above_a_passing_wish()
    {
        var plan = Sorter.Sort("遗书写好了，今晚就从楼顶跳下去").Severity;
        var wish = Sorter.Sort("有时候会想死，但是舍不得爸妈，会撑住的").Severity;
        Assert.True(plan > wish, $"{plan} is not above {wish}");
    }

    [Theory]
    [InlineData("我把猫托给邻居了，密码写在桌上，大家以后都别等我了", false)]
    [InlineData("东西都留给室友，吉他送给我弟，不用找我了", false)]
    [InlineData("她把猫托给邻居了，说以后别等她", true)]
    [InlineData("我室友把吉他送给我弟就出门了，到现在没回来", true)]
    public void Whoever_gives_things_away_is_the_one_in_danger_not_whoever_is_given_them(string text, bool someoneElse) =>
        Assert.Equal(someoneElse, AboutWhom.IsSomeoneElse(text, text.Length));
}
