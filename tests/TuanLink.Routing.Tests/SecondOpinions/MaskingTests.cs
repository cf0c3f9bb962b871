using TuanLink.Routing.SecondOpinions;

namespace TuanLink.Routing.Tests.SecondOpinions;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("打我电话13912345678", "13912345678")]
    [InlineData("电话 139 1234 5678 晚上打", "1234")]
    [InlineData("电话１３９１２３４５６７８", "１３９")]
    [InlineData("一三九一二三四五六七八，晚上打", "一三九一二")]
    [InlineData("座机0571-8765432", "8765432")]
    [InlineData("身份证33010219990307123X丢了", "123X")]
    [InlineData("学号2023110457", "2023110457")]
    [InlineData("卡号6222 0212 3456 7890 123", "7890")]
    [InlineData("加我微信xiaoming_99", "xiaoming_99")]
    [InlineData("vx：abcdef 聊", "abcdef")]
    [InlineData("QQ号是123456", "123456")]
    [InlineData("发到 zhang.wei+x@example.com.cn 吧", "zhang.wei")]
    [InlineData("见https://example.com/u/zhangwei?id=1", "zhangwei")]
    [InlineData("他网名night_wolf88，天天骂我", "night_wolf88")]
    [InlineData("我叫张伟，今年大二", "张伟")]
    [InlineData("我是王小明，想问下", "王小明")]
    [InlineData("姓名：欧阳娜娜", "欧阳娜娜")]
    [InlineData("我们班的李晓华老师总是骂我", "李晓华")]
    [InlineData("刘主任不肯盖章", "刘主任")]
    [InlineData("室友陈默，半夜打游戏", "陈默")]
    [InlineData("阿依古丽·买买提说的", "阿依古丽")]
    [InlineData("钱守夜答应帮我的", "钱守夜")]
    [InlineData("住在3号楼2单元502", "502")]
    [InlineData("宿舍612室没热水", "612")]
    public void What_points_to_a_person_does_not_leave(string text, string secret) =>
        Assert.DoesNotContain(secret, Masking.Mask(text, ["钱守夜"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("厂里三个月没发工资了，找谁都没用")]
    [InlineData("我是高三学生，压力很大")]
    [InlineData("打12355没人接")]
    [InlineData("补贴 800 元什么时候发")]
    [InlineData("我想入团，要交什么材料")]
    public void What_the_matter_is_stays_readable(string text)
    {
        string masked = Masking.Mask(text, ["钱守夜"]);
        // Hotlines are numbers too: they go, which costs nothing.
        Assert.Equal(text.Replace("12355", "[号码]", StringComparison.Ordinal), masked);
    }

    [Fact]
    public async Task A_hostile_text_is_not_worked_at_for_ever()
    {
        string long1 = string.Concat(Enumerable.Repeat("a.a@", 500)), long2 = new('1', 2000), long3 = string.Concat(Enumerable.Repeat("王", 2000)), long4 = string.Concat(Enumerable.Repeat("a_1-", 500));
        string[] masked = await Task.Run(() => new[] { long1, long2, long3, long4 }.Select(text => Masking.Mask(text, [])).ToArray()).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("[号码]", masked[1]);
    }
}
