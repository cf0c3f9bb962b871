using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Responses;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>Everything the bot says in a broad conversation is judged by the schema of @microsoft/agents-activity, and its cards by Microsoft's reader of cards.</summary>
public sealed class ActivitySchemaJourneys : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-site-of-the-school";
    private TestService _service = null!;
    private NodePeer _judge = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start(new() { Settings = { ["Clocks:AskAfterHours"] = "0.25", ["Channels:DirectLine:Sites:school"] = Secret } });
        _judge = new NodePeer("activity-peer");
    }

    public async Task DisposeAsync()
    {
        await _judge.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task The_judge_finds_what_is_wrong()
    {
        Assert.NotEmpty(await Faults(JsonSerializer.SerializeToElement(new { text = "no type" })));
        Assert.NotEmpty(await Faults(JsonSerializer.SerializeToElement(new { type = "message", from = "nobody" })));
        Assert.NotEmpty(await Faults(JsonSerializer.SerializeToElement(new { type = "message", suggestedActions = new { actions = new[] { 1 } } })));
        Assert.NotEmpty(await Faults(JsonSerializer.SerializeToElement(new { type = "message", ours = 1 })));
        var odd = new { type = "AdaptiveCard", version = "1.3", body = new[] { new { type = "Nonsense" } } };
        Assert.NotEmpty(await Faults(JsonSerializer.SerializeToElement(new { type = "message", attachments = new[] { new { contentType = "application/vnd.microsoft.card.adaptive", content = odd } } })));
        Assert.Empty(await Faults(JsonSerializer.SerializeToElement(new { type = "message", text = "好" })));
    }

    [Fact]
    public async Task Whatever_is_posted_to_a_serviceUrl_fits()
    {
        await Post(new { type = "conversationUpdate", id = "0", channelId = "emulator", serviceUrl = _service.Connector.Url, conversation = new { id = "c1" }, from = new { id = "youth-c1" }, recipient = new { id = "bot" }, membersAdded = new[] { new { id = "youth-c1" } } });
        Task Say(string text) => _service.Post("c1", Guid.NewGuid().ToString("N"), text);
        await Talk("c1", Say, async (text, goOn) =>
        {
            Task last = Say(text);
            await Eventually.Until(() => Task.FromResult(!_service.Connector.Typing.IsEmpty));
            goOn();
            await last;
        });
        JsonElement inline = await (await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), _service.Activity("c1", "inline", "进度", "expectReplies"))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEmpty(_service.Connector.Typing);
        Assert.NotEmpty(_service.Connector.Updates);
        await AllFit([.. _service.Replies, .. _service.Connector.Typing, .. _service.Connector.Updates.Select(u => u.Activity), .. inline.GetProperty("activities").EnumerateArray()]);
    }

    [Fact]
    public async Task Whatever_is_read_over_Direct_Line_fits()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, new Uri(_service.Bot, "/v3/directline/tokens/generate")) { Content = JsonContent.Create(new { user = new { id = "pupil-7" } }) };
        ask.Headers.Authorization = new("Bearer", Secret);
        JsonElement ticket = await (await _service.Http.SendAsync(ask)).Content.ReadFromJsonAsync<JsonElement>();
        using var client = new DirectLinePeer();
        client.Start(_service.Bot, ticket.GetProperty("token").GetString()!);
        await client.Hears(1);
        void Post(string text) => client.Post(text, Guid.NewGuid().ToString("N"));
        await Talk(ticket.GetProperty("conversationId").GetString()!, text =>
        {
            Post(text);
            return client.Says("posted");
        }, async (text, goOn) =>
        {
            Post(text);
            await client.Says(said => said.TryGetProperty("heard", out JsonElement heard) && heard.GetProperty("type").GetString() == "typing");
            goOn();
            await client.Says("posted");
        });
        await client.Says("heard");
        Assert.Contains(client.Heard, a => a.GetProperty("type").GetString() == "typing");
        await AllFit(client.Heard);
    }

    // Welcome, acknowledgement, status, a question with buttons, the safe words, a cadre's answer, whether it helped, stars, and a turn that waits.
    private async Task Talk(string conversation, Func<string, Task> say, Func<string, Action, Task> sayAndSeeTyping)
    {
        foreach (string text in new[] { "学校食堂的饭卡充值不到账，找谁处理", "进度", "删除我的数据", "先不删", "谢谢", "帮助" })
            await say(text);
        Inquiry inquiry = await _service.InquiryOf(conversation);
        await _service.Do(db => _service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "到一食堂二楼充值处，带校园卡，工作日 9 点到 17 点，当场补到账。", false, _service.Now, default));
        await _service.Wait(TimeSpan.FromMinutes(20));
        await Owed("outcome");
        await _service.Wait(TimeSpan.Zero);
        await say("解决了");
        await say("5星");
        // The writer is held until the notice is out: it is the only thing that can come now.
        var busy = new TaskCompletionSource();
        Task other = _service.Do(_ => busy.Task);
        try
        {
            await sayAndSeeTyping("我不想活了，今晚就走", busy.SetResult);
        }
        finally
        {
            busy.TrySetResult();
        }
        await other;
        await _service.Wait(TimeSpan.Zero);
        await Owed("safe");
    }

    private async Task Owed(string tone) => Assert.True(await _service.See(db => db.Outbox.AnyAsync(o => o.Tone == tone)), tone);

    private async Task AllFit(IReadOnlyCollection<JsonElement> activities)
    {
        Assert.True(activities.Count >= 12, $"only {activities.Count} activities");
        foreach (JsonElement activity in activities)
            Assert.True(await Faults(activity) is [], $"{string.Join("; ", await Faults(activity))}\n{activity}");
    }

    private async Task<List<string?>> Faults(JsonElement activity)
    {
        _judge.Say(JsonSerializer.Serialize(activity));
        return [.. (await _judge.Hear()).GetProperty("faults").EnumerateArray().Select(f => f.GetString())];
    }

    private async Task Post(object activity) =>
        (await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), activity)).EnsureSuccessStatusCode();
}
