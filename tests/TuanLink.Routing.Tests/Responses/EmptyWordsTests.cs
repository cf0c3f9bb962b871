using TuanLink.Routing.Responses;

namespace TuanLink.Routing.Tests.Responses;

public sealed class EmptyWordsTests
{
    private static readonly EmptyWords Empty = EmptyWords.Read(Path.Combine(AppContext.BaseDirectory, "seeds", "replies.tsv"));

    [Theory]
    [InlineData("已收到，请耐心等待。")]
    [InlineData("同学你好！你的来信收悉，已转相关部门办理，感谢你对共青团工作的关心和支持！2026年11月18日")]
    [InlineData("您好，您反映的问题我们高度重视，已转交区教育局核实处理，有结果会尽快回复您。")]
    [InlineData("你好，已反馈给学校后勤处，请关注后续进展。")]
    [InlineData("“青年-7F3K”你好：留言已登记，会有人与你联系，祝学习进步！")]
    [InlineData("青春心向党，建功新时代，让我们一起努力奋斗！")]
    [InlineData("阳光总在风雨后，相信自己，明天会更好，加油！")]
    [InlineData("困难只是暂时的，希望你以饱满的热情投入学习，做新时代的追梦人。")]
    [InlineData("收到")]
    [InlineData("……")]
    public void Words_that_only_receive_pass_on_thank_or_cheer_say_nothing(string reply) => Assert.True(Empty.Are(reply));

    [Theory]
    [InlineData("可以")]
    [InlineData("不用交。")]
    [InlineData("下周三下午")]
    [InlineData("28 周岁自然离团，带团员证到单位团支部登记。")]
    [InlineData("已转后勤处，王老师 13900000000 今天 17:00 前联系你。")]
    [InlineData("感谢来信。热水时间从下周起延长到晚上十一点半，周末全天供应。")]
    [InlineData("你现在方便说说宿舍是哪一栋吗？我好去找人。")]
    [InlineData("我理解你的难受。你已经扛了很久，先别急着决定，今晚先睡，明天我陪你去心理中心挂号。")]
    [InlineData("加油！先把简历里项目那段改成三条，每条写清你做了什么、结果怎样，改好发我看。")]
    public void A_short_exact_answer_and_one_with_a_kind_word_say_something(string reply) => Assert.False(Empty.Are(reply));
}
