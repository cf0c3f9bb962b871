using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Responses;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys.Channels;

/// <summary>Cards where a client shows them, choices in words where it shows no buttons, and presses that are believed no further than words.</summary>
public sealed class CardJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    private int _activities;

    public async Task InitializeAsync() => _service = await TestService.Start(new() { Settings = { ["Limits:YouthBurst"] = "1000" } });
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_press_on_the_card_gives_outcome_and_stars_at_once_and_the_card_gives_way_to_what_was_chosen()
    {
        JsonElement question = await Asked("c1");
        Assert.Contains("解决你的问题了吗", question.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(["解决了", "部分解决", "没有解决"], question.GetProperty("suggestedActions").GetProperty("actions").EnumerateArray().Select(a => a.GetProperty("value").GetString()));
        JsonElement card = Card(question);
        Assert.Equal("stars", card.GetProperty("body")[0].GetProperty("id").GetString());

        await Press("c1", With(card.GetProperty("actions")[1].GetProperty("data"), "stars", "4"));
        List<string> heard = await _service.Heard("c1", 5);
        Assert.Contains("记为部分解决", heard[3], StringComparison.Ordinal);
        Assert.Contains("谢谢，记下了", heard[4], StringComparison.Ordinal);
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal((InquiryStatus.Resolved, Outcome.Partly, 4), (inquiry.Status, inquiry.Outcome, inquiry.Stars));

        await Until(() => Task.FromResult(!_service.Connector.Updates.IsEmpty));
        (string id, JsonElement update) = Assert.Single(_service.Connector.Updates);
        Assert.Equal("here-" + question.GetProperty("id").GetString(), id);
        Assert.Contains("你选了“部分解决，4 星”", update.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(update.TryGetProperty("attachments", out _) || update.TryGetProperty("suggestedActions", out _));

        // The cadre sees what was pressed as words of the youth, and the update not as words of the bot.
        using AdminPages cadre = await _service.SignIn(inquiry.HandlerId);
        string item = (await cadre.Get($"/inquiries/{inquiry.Reference}")).Words;
        Assert.Contains("部分解决", item, StringComparison.Ordinal);
        Assert.DoesNotContain("你选了", item, StringComparison.Ordinal);
        Assert.Empty(_service.Errors);
    }

    [Fact]
    public async Task An_old_card_anothers_card_and_a_made_up_one_change_nothing_and_are_answered_calmly()
    {
        JsonElement data = Card(await Asked("c1")).GetProperty("actions")[0].GetProperty("data");
        await _service.Post("c2", Next(), "学校食堂的饭卡充值不到账，找谁处理");
        await _service.Heard("c2", 1);
        Inquiry mine = await _service.InquiryOf("c1"), other = await _service.InquiryOf("c2");
        object[] made =
        [
            data, new { tuanlink = "outcome" }, new { tuanlink = "outcome", item = other.Reference, round = "0", choice = "resolved" },
            new { tuanlink = "outcome", item = other.Reference, round = "0", choice = "resolved", stars = "9" }, new { tuanlink = "outcome", item = other.Reference, round = "-1", choice = "not" },
            With(data, "round", "7"), With(data, "more", "x"), With(data, "choice", "RESOLVED"), new { tuanlink = "drop" }, new { tuanlink = 7 }, new { tuanlink = new { } },
            new { }, new[] { 1, 2 }, 7, true, new { tuanlink = "human", item = mine.Reference }, new { tuanlink = "withdraw", item = "'; DROP TABLE inquiries; --" }, new { tuanlink = new string('x', 9000) },
        ];
        int heard = 1;
        foreach (object value in made)
        {
            await Press("c2", value);
            Assert.Contains("点它没有记下什么", (await _service.Heard("c2", ++heard))[^1], StringComparison.Ordinal);
        }
        // A reference of another's is as if it did not exist.
        await Press("c2", new { tuanlink = "withdraw", item = mine.Reference });
        Assert.Contains("没有可以撤回", (await _service.Heard("c2", ++heard))[^1], StringComparison.Ordinal);
        Assert.Equal((null, null), ((await _service.InquiryOf("c2")).Outcome, (await _service.InquiryOf("c1")).Outcome));
        Assert.Equal(InquiryStatus.Answered, (await _service.InquiryOf("c1")).Status);

        // 没有解决 begins a new round: the same card, pressed again, answers no question any more.
        await Press("c1", With(data, "choice", "not"));
        await _service.Heard("c1", 4);
        await Press("c1", data);
        Assert.Contains("点它没有记下什么", (await _service.Heard("c1", 5))[4], StringComparison.Ordinal);
        Assert.Equal((InquiryStatus.Assigned, Outcome.NotResolved), ((await _service.InquiryOf("c1")).Status, (await _service.InquiryOf("c1")).Outcome));
    }

    [Fact]
    public async Task The_status_card_tells_which_matter_it_was_without_making_anything_of_its_words_and_its_buttons_work()
    {
        await _service.Post("c1", Next(), "[点这里](https://example.org/x) 宿舍的热水器坏了一星期没人修 ![图](https://example.org/a.png)");
        await _service.Post("c1", Next(), "进度");
        await _service.Heard("c1", 2);
        JsonElement status = _service.Replies.ToList()[1];
        JsonElement card = Card(status);
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.StartsWith(inquiry.Reference, card.GetProperty("body")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        string headline = card.GetProperty("body")[1].GetProperty("text").GetString()!;
        Assert.Contains("热水器", headline, StringComparison.Ordinal);
        Assert.DoesNotContain("](", headline.Replace(@"\]", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("负责人", card.GetRawText(), StringComparison.Ordinal);

        await Press("c1", card.GetProperty("actions")[0].GetProperty("data"));
        Assert.Contains("想和真人说", (await _service.Heard("c1", 3))[2], StringComparison.Ordinal);
        await Press("c1", card.GetProperty("actions")[1].GetProperty("data"));
        Assert.Contains("已经撤回", (await _service.Heard("c1", 4))[3], StringComparison.Ordinal);
        Assert.Equal(InquiryStatus.Withdrawn, (await _service.InquiryOf("c1")).Status);
    }

    [Fact]
    public async Task A_channel_nobody_knows_gets_words_and_numbers_and_a_number_is_an_answer()
    {
        JsonElement question = await Asked("c1", "sms-of-the-school");
        Assert.False(question.TryGetProperty("attachments", out _));
        Assert.EndsWith("\n1. 解决了\n2. 部分解决\n3. 没有解决", question.GetProperty("text").GetString(), StringComparison.Ordinal);
        await Say("c1", "２", "sms-of-the-school");
        Assert.Contains("记为部分解决", (await _service.Heard("c1", 4))[3], StringComparison.Ordinal);
        // Stars are numbers already: 2 is two stars, not the second choice.
        Assert.EndsWith("照实打就好。", (await _service.Heard("c1", 5))[4], StringComparison.Ordinal);
        await Say("c1", "2", "sms-of-the-school");
        await _service.Heard("c1", 6);
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal((Outcome.Partly, 2), (inquiry.Outcome, inquiry.Stars));
        Assert.Empty(_service.Connector.Updates);
    }

    [Fact]
    public async Task A_channel_that_takes_no_updates_loses_no_words()
    {
        await Asked("c1");
        _service.Connector.Status = 500;
        await Say("c1", "没有解决");
        await Until(async () => !_service.Connector.Updates.IsEmpty && await _service.See(db => db.Outbox.AnyAsync(o => o.Attempts > 0 && o.LastError != null)));
        _service.Connector.Status = 200;
        await Until(() =>
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(_service.Replies.Count == 4);
        });
        Assert.Contains("重新打开", (await _service.Heard("c1", 4))[3], StringComparison.Ordinal);
        Assert.Single(_service.Connector.Updates);
    }

    [Fact]
    public async Task The_chat_page_gets_no_cards_and_a_sites_client_gets_them_unless_the_office_says_otherwise()
    {
        const string secret = "a-secret-of-the-site-of-the-school";
        foreach ((string? asking, bool cards, bool expected) in new[] { (null, true, false), (secret, true, true), (secret, false, false) })
        {
            await using TestService service = await TestService.Start(new() { Settings = { ["Channels:DirectLine:Sites:school"] = secret, ["Channels:DirectLine:Cards"] = cards.ToString() } });
            Uri line = new(service.Bot, "/v3/directline/");
            JsonElement ticket = await Ask("tokens/generate", asking, new { user = new { id = "pupil-7" } });
            // Renewed, it is still the same client's.
            ticket = await Ask("tokens/refresh", ticket.GetProperty("token").GetString(), null);
            string token = ticket.GetProperty("token").GetString()!, at = $"conversations/{ticket.GetProperty("conversationId").GetString()}/activities";
            await Ask(at, token, new { type = "message", text = "宿舍的热水器坏了一星期没人修" });
            await Ask(at, token, new { type = "message", text = "进度" });
            using var poll = new HttpRequestMessage(HttpMethod.Get, new Uri(line, at)) { Headers = { Authorization = new("Bearer", token) } };
            JsonElement news = await (await service.Http.SendAsync(poll)).Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(expected, news.GetProperty("activities")[3].TryGetProperty("attachments", out _));

            async Task<JsonElement> Ask(string path, string? bearer, object? body)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(line, path)) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Authorization = bearer is null ? null : new("Bearer", bearer);
                return await (await service.Http.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            }
        }
    }

    // A conversation up to the question whether the answer helped.
    private async Task<JsonElement> Asked(string conversation, string channel = "emulator")
    {
        await Say(conversation, "学校食堂的饭卡充值不到账，找谁处理", channel);
        await _service.Heard(conversation, 1);
        Inquiry inquiry = await _service.InquiryOf(conversation);
        await _service.Do(db => _service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "到一食堂二楼充值处，带校园卡，工作日 9 点到 17 点，当场补到账。", false, _service.Now, default));
        await _service.Heard(conversation, 2);
        await _service.Wait(TimeSpan.FromHours(3));
        await _service.Heard(conversation, 3);
        await _service.Wait(TimeSpan.Zero);
        return _service.Replies.Last(r => r.GetProperty("conversation").GetProperty("id").GetString() == conversation);
    }

    private Task Say(string conversation, string text, string channel = "emulator") => Send(conversation, channel, text, null);

    private Task Press(string conversation, object value) => Send(conversation, "emulator", null, value);

    private async Task Send(string conversation, string channelId, string? text, object? value)
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), new
        {
            type = "message", id = Next(), channelId, serviceUrl = _service.Connector.Url, text, value, channelData = new { postBack = value is not null },
            conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private string Next() => $"a{++_activities}";

    private static JsonElement Card(JsonElement activity)
    {
        JsonElement attachment = activity.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        return attachment.GetProperty("content");
    }

    private static Dictionary<string, string> With(JsonElement data, string name, string value) =>
        new(data.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!)) { [name] = value };
}
