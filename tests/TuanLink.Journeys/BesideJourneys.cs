using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys;

/// <summary>What is said beside an open matter and taken for something less than it may be: nothing of it ends the matter or keeps it from its handler.</summary>
public sealed class BesideJourneys : IAsyncLifetime
{
    private const string Matter = "厂里三个月没发工资了，找谁都没用";
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData("算了，不麻烦你们了，撤了吧")]
    [InlineData("不用管了，我自己想办法")]
    public async Task What_only_sounds_like_a_withdrawal_is_asked_about_and_ends_nothing(string words)
    {
        await _service.Post("c1", "1", Matter);
        await _service.Post("c1", "2", words);
        string asked = (await _service.Heard("c1", 2))[1];
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.True(inquiry.IsOpen);
        Assert.Contains($"你是想撤回 {inquiry.Reference} 吗", asked, StringComparison.Ordinal);
        Assert.Equal([$"撤回 {inquiry.Reference}", "不撤回"], Choices(1));

        await _service.Post("c1", "3", "不撤回");
        Assert.Contains("照常有人负责", (await _service.Heard("c1", 3))[2], StringComparison.Ordinal);
        Assert.True((await _service.InquiryOf("c1")).IsOpen);

        // The button stays good for as long as the matter is open.
        await _service.Post("c1", "4", $"撤回 {inquiry.Reference}");
        Assert.Contains("已经撤回", (await _service.Heard("c1", 4))[3], StringComparison.Ordinal);
        Assert.Equal(InquiryStatus.Withdrawn, (await _service.InquiryOf("c1")).Status);
    }

    [Fact]
    public async Task Asked_which_to_withdraw_a_youth_can_still_ask_how_far_one_is()
    {
        await _service.Post("c1", "1", Matter);
        Inquiry inquiry = await _service.InquiryOf("c1");
        await _service.Post("c1", "2", "不用管了，我自己想办法");
        await _service.Post("c1", "3", $"进度 {inquiry.Reference}");
        Assert.StartsWith($"{inquiry.Reference}：", (await _service.Heard("c1", 3))[2], StringComparison.Ordinal);
        Assert.True((await _service.InquiryOf("c1")).IsOpen);
        await _service.Post("c1", "4", inquiry.Reference);
        Assert.Equal(InquiryStatus.Withdrawn, (await _service.InquiryOf("c1")).Status);
    }

    [Fact]
    public async Task A_number_answers_whether_it_is_withdrawn_where_there_are_no_buttons()
    {
        await _service.Post("c1", "1", Matter);
        await _service.Post("c1", "2", "算了，不麻烦你们了，撤了吧");
        await _service.Post("c1", "3", "1");
        Assert.Contains("已经撤回", (await _service.Heard("c1", 3))[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("谢谢老师，麻烦你们了")]
    [InlineData("都一周了，有消息了吗？")]
    [InlineData("能不能换个真人跟我说话")]
    [InlineData("你们就是个摆设，垃圾平台")]
    [InlineData("算了，不麻烦你们了，撤了吧")]
    [InlineData("把我说过的话都删掉吧，别留着")]
    public async Task Whatever_is_said_while_a_matter_is_open_reaches_its_handler(string words)
    {
        await _service.Post("c1", "1", Matter);
        Inquiry inquiry = await _service.InquiryOf("c1");
        int told = await Notices(inquiry);
        await _service.Post("c1", "2", words);
        await _service.Heard("c1", 2);
        Assert.Equal(1, await _service.See(db => db.Messages.CountAsync(m => m.InquiryId == inquiry.Id && m.Text == words)));
        Inquiry after = await _service.InquiryOf("c1");
        Assert.Equal((inquiry.Status, inquiry.Round, inquiry.ResponseDueAt), (after.Status, after.Round, after.ResponseDueAt));
        Assert.Equal(told + 1, await Notices(inquiry));
    }

    [Fact]
    public async Task A_reference_by_itself_tells_how_far_its_item_is_to_nobody_but_its_youth()
    {
        await _service.Post("c1", "1", Matter);
        Inquiry inquiry = await _service.InquiryOf("c1");
        await _service.Post("c1", "2", inquiry.Reference.ToLowerInvariant());
        Assert.StartsWith($"{inquiry.Reference}：", (await _service.Heard("c1", 2))[1], StringComparison.Ordinal);
        await _service.Post("c1", "3", "撤回");
        await _service.Post("c1", "4", $"进度 {inquiry.Reference}");
        Assert.Equal($"{inquiry.Reference}：已撤回。", (await _service.Heard("c1", 4))[3]);

        foreach ((string id, string words) in new[] { ("1", inquiry.Reference), ("2", "进度 " + inquiry.Reference), ("3", "撤回 " + inquiry.Reference) })
            await _service.Post("c2", id, words);
        List<string> other = await _service.Heard("c2", 3);
        Assert.Contains("没有找到", other[0], StringComparison.Ordinal);
        Assert.Contains("没有找到", other[1], StringComparison.Ordinal);
        Assert.Contains("没有可以撤回", other[2], StringComparison.Ordinal);
        Assert.Equal(1, await _service.See(db => db.Inquiries.CountAsync()));
    }

    private string[] Choices(int reply) =>
        [.. _service.Replies.ElementAt(reply).GetProperty("suggestedActions").GetProperty("actions").EnumerateArray().Select(a => a.GetProperty("value").GetString()!)];

    private Task<int> Notices(Inquiry inquiry) => _service.See(db => db.Notices.CountAsync(n => n.InquiryId == inquiry.Id));
}
