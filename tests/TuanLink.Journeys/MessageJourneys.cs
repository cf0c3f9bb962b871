using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Units;

namespace TuanLink.Journeys;

public sealed class MessageJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_message_is_sorted_given_to_a_named_human_answered_confirmed_and_counted()
    {
        Assert.Equal(HttpStatusCode.OK, (await _service.Post("c1", "1", "厂里三个月没发工资了，找谁都没用")).StatusCode);
        string acknowledged = (await _service.Heard("c1", 1))[0];
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal((Topic.Rights, true), (inquiry.Topic, inquiry.OwnerId > 0));
        Assert.Contains(inquiry.Reference, acknowledged, StringComparison.Ordinal);
        Assert.Contains("共青团", acknowledged, StringComparison.Ordinal);

        await _service.Do(db => _service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "明天上午 9 点到区人社局二楼监察大队，带劳动合同和考勤，我陪你去。", false, _service.Clock.GetUtcNow(), default));
        Assert.Contains("我陪你去", (await _service.Heard("c1", 2))[1], StringComparison.Ordinal);
        await _service.Wait(TimeSpan.FromHours(3));
        Assert.Contains("解决你的问题了吗", (await _service.Heard("c1", 3))[2], StringComparison.Ordinal);
        await _service.Post("c1", "2", "解决了");
        await _service.Heard("c1", 5);
        await _service.Post("c1", "3", "5星");
        await _service.Heard("c1", 6);
        inquiry = await _service.InquiryOf("c1");
        Assert.Equal((InquiryStatus.Resolved, Outcome.Resolved, 5), (inquiry.Status, inquiry.Outcome, inquiry.Stars));
        Month month = Month.Of(_service.Clock.GetUtcNow());
        Figures figures = (await _service.See(db => CountResponses.Count(db, "/", Breakdown.Cadre, month.From, month.Until, _service.Clock.GetUtcNow(), default))).Whole;
        Assert.Equal((1, 1), (figures.Counts.OnTime, figures.EffectiveReply.Part));
    }

    [Fact]
    public async Task The_same_activity_five_times_at_once_is_one_inquiry_and_one_answer()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _service.Post("c1", "same", "想问一下入团申请书怎么写")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await _service.Post("c2", "1", "想问一下入团申请书怎么写");
        await _service.Heard("c2", 1);
        Assert.Single(await _service.Heard("c1", 1));
        await _service.InquiryOf("c1");
    }

    [Fact]
    public async Task Every_word_of_a_turn_names_the_activity_it_answers()
    {
        foreach ((string id, string words) in new[] { ("1", "想问一下入团申请书怎么写"), ("2", "进度"), ("3", "帮助"), ("4", "撤回"), ("5", "删除我的数据") })
        {
            HttpResponseMessage answer = await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), _service.Activity("c1", id, words, "expectReplies"));
            JsonElement[] replies = [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("activities").EnumerateArray()];
            Assert.NotEmpty(replies);
            Assert.All(replies, r => Assert.Equal(id, r.GetProperty("replyToId").GetString()));
        }
    }

    [Fact]
    public async Task Words_that_wait_behind_others_are_not_sent_any_more_once_the_youth_is_erased()
    {
        _service.Connector.Hold = new TaskCompletionSource();
        await _service.Post("c1", "1", "想问一下入团申请书怎么写");
        await _service.Heard("c1", 1);
        await _service.Post("c1", "2", "进度");
        await _service.Post("c1", "3", "删除我的数据");
        await _service.Post("c1", "4", "确认删除");
        await _service.Heard("c1", 2);
        _service.Connector.Hold.SetResult();
        // The answer to this comes long after the waiting words would have gone.
        await _service.Post("c1", "5", "在吗");
        List<string> heard = await _service.Heard("c1", 3);
        Assert.Contains("QS-", heard[0], StringComparison.Ordinal);
        Assert.Contains("已经删除", heard[1], StringComparison.Ordinal);
        Assert.DoesNotContain(heard[1..], h => h.Contains("QS-", StringComparison.Ordinal) || h.Contains("确定的话", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expected_replies_come_in_the_answer_and_nowhere_else()
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), _service.Activity("c1", "1", "学校食堂的饭卡充值不到账，找谁处理", "expectReplies"));
        JsonElement activities = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("activities");
        Assert.Contains("QS-", activities[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        await _service.Post("c2", "1", "学校食堂的饭卡充值不到账，找谁处理");
        await _service.Heard("c2", 1);
        Assert.DoesNotContain(_service.Replies, r => r.GetProperty("conversation").GetProperty("id").GetString() == "c1");
    }

    [Fact]
    public async Task An_unanswered_message_is_chased_and_goes_to_another_hand()
    {
        await _service.Post("c1", "1", "想问一下青年大学习补课的截止时间是什么时候");
        Inquiry inquiry = await _service.InquiryOf("c1");
        for (int i = 0; i < 12; i++)
            await _service.Wait(TimeSpan.FromHours(6));
        List<string> steps = await _service.See(db => db.ChaseMarks.Where(m => m.InquiryId == inquiry.Id).OrderBy(m => m.Id).Select(m => m.Step).ToListAsync());
        Assert.Equal(["half", "four-fifths", "overdue", "reassign"], steps.Take(4));
        Assert.NotEqual(inquiry.HandlerId, (await _service.InquiryOf("c1")).HandlerId);
        Assert.Contains(await _service.Heard("c1", 2), t => t.Contains("我们的责任", StringComparison.Ordinal) || t.Contains("还没有", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Danger_is_answered_at_once_and_climbs_until_somebody_acknowledges_also_across_a_restart()
    {
        await _service.Post("c1", "1", "我不想活了，今晚就走");
        string safe = (await _service.Heard("c1", 2))[0];
        Assert.All(["12355", "12356", "110", "120"], number => Assert.Contains(number, safe, StringComparison.Ordinal));
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal(Risk.Crisis, inquiry.Risk);
        await _service.Wait(TimeSpan.FromMinutes(5));
        _service = await _service.Restart();
        await _service.Wait(TimeSpan.FromMinutes(5));
        await _service.Wait(TimeSpan.Zero);
        Assert.Equal(["crisis-1", "crisis-2"], await Rungs());
        Inquiry climbed = await _service.InquiryOf("c1");
        await _service.Do(db => _service.Get<HandleCrisis>().Acknowledge(db, inquiry.Id, climbed.HandlerId, _service.Clock.GetUtcNow(), default));
        await _service.Wait(TimeSpan.FromMinutes(30));
        Assert.Equal(["crisis-1", "crisis-2"], await Rungs());

        Task<List<string>> Rungs() => _service.See(db => db.ChaseMarks.Where(m => m.InquiryId == inquiry.Id && m.Step.StartsWith("crisis")).OrderBy(m => m.Id).Select(m => m.Step).ToListAsync());
    }

    [Fact]
    public async Task Progress_withdrawal_and_erasure_work_at_any_time()
    {
        await _service.Post("c1", "1", "校园卡借给室友，里面的钱少了五十");
        await _service.Post("c1", "2", "进度");
        Assert.Contains("QS-", (await _service.Heard("c1", 2))[1], StringComparison.Ordinal);
        await _service.Post("c1", "3", "撤回");
        await _service.Heard("c1", 3);
        Assert.Equal(InquiryStatus.Withdrawn, (await _service.InquiryOf("c1")).Status);
        await _service.Post("c1", "4", "删除我的数据");
        await _service.Heard("c1", 4);
        await _service.Post("c1", "5", "确认删除");
        Assert.Contains("已经删除", (await _service.Heard("c1", 5))[4], StringComparison.Ordinal);
        Assert.Equal(0, await _service.See(db => db.Messages.CountAsync(m => m.Text.Contains("室友"))));
        Assert.Equal(1, await _service.See(db => db.Inquiries.CountAsync()));
    }

    [Fact]
    public async Task A_channel_that_fails_for_a_while_gets_everything_once_and_in_order()
    {
        _service.Connector.Status = 503;
        foreach (int i in Enumerable.Range(1, 4))
            await _service.Post("c1", $"{i}", i == 1 ? "宿舍的热水器坏了一星期没人修" : $"补充第{i}点，就在三号楼");
        _service.Connector.Status = 200;
        await Eventually.Until(() => Task.FromResult(_service.Replies.Count >= 4), between: () => _service.Clock.Advance(TimeSpan.FromSeconds(3)));
        List<string> heard = await _service.Heard("c1", 4);
        Assert.Contains("QS-", heard[0], StringComparison.Ordinal);
        Assert.Equal(_service.Replies.Count, _service.Replies.Select(r => r.GetProperty("id").GetString()).Distinct().Count());
    }
}
