using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Channels;

public sealed class LimitJourneys : IAsyncLifetime
{
    private ChannelService _service = null!;

    public async Task InitializeAsync() => _service = await ChannelService.Start(new()
    {
        ["Limits:YouthBurst"] = "4", ["Limits:YouthPerMinute"] = "2", ["Limits:AddressBurst"] = "5", ["Limits:AddressPerHour"] = "60",
    });

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_youth_who_floods_is_told_calmly_once_a_minute_loses_nothing_and_is_heard_at_once_in_danger()
    {
        DirectLine line = await DirectLine.Begin(_service, "10.9.0.1");
        for (int i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.OK, (await line.Say($"学校食堂的饭卡充值不到账，第{i}次说")).StatusCode);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage slow = await line.Say("加我微信领兼职，日结三百");
            Assert.Equal(HttpStatusCode.TooManyRequests, slow.StatusCode);
            Assert.InRange(slow.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        }
        Assert.Equal(4, await _service.See(db => db.Messages.CountAsync()));
        Assert.Single(await line.Hear(), t => t.Contains("发得有点快", StringComparison.Ordinal));

        // Danger knows no limit, however often; nor do more words of one who is known to be in danger.
        for (int i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await line.Say("我不想活了，今晚就走")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await line.Say("在三号楼楼顶")).StatusCode);
        Assert.Equal(Risk.Crisis, (await _service.See(db => db.Inquiries.OrderByDescending(i => i.Risk == Risk.Crisis).FirstAsync())).Risk);

        // Time gives the allowance back.
        DirectLine other = await DirectLine.Begin(_service, "10.9.0.2");
        for (int i = 0; i < 4; i++)
            await other.Say($"宿舍热水器坏了，第{i}次说");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.Say("还有一点要补充")).StatusCode);
        _service.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await other.Say("还有一点要补充")).StatusCode);
    }

    [Fact]
    public async Task An_address_is_limited_by_its_youths_not_by_their_words_and_never_in_danger()
    {
        var school = new List<DirectLine>();
        for (int i = 0; i < 5; i++)
            school.Add(await DirectLine.Begin(_service, "10.9.0.9"));
        foreach (DirectLine youth in school)
            for (int i = 0; i < 4; i++)
                Assert.Equal(HttpStatusCode.OK, (await youth.Say($"选课系统一直登不上，第{i}次说")).StatusCode);
        DirectLine sixth = await DirectLine.Begin(_service, "10.9.0.9");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await sixth.Say("选课系统一直登不上")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await sixth.Say("我不想活了，今晚就走")).StatusCode);
        DirectLine elsewhere = await DirectLine.Begin(_service, "10.9.0.10");
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.Say("选课系统一直登不上")).StatusCode);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await sixth.Say("选课系统一直登不上")).StatusCode);
    }

    [Theory]
    [InlineData(3, 10, 3)]
    [InlineData(1, 10, 1)]
    public void An_allowance_gives_so_many_at_once_and_then_one_each_interval(int burst, int seconds, int atOnce)
    {
        var now = new DateTimeOffset(2026, 11, 18, 1, 0, 0, TimeSpan.Zero);
        var allowance = new Allowance(burst, TimeSpan.FromSeconds(seconds));
        long whole = 0;
        for (int i = 0; i < atOnce; i++)
            Assert.Equal(TimeSpan.Zero, allowance.Take(ref whole, now));
        Assert.Equal(TimeSpan.FromSeconds(seconds), allowance.Take(ref whole, now));
        Assert.Equal(TimeSpan.FromSeconds(1), allowance.Take(ref whole, now.AddSeconds(seconds - 1)));
        Assert.Equal(TimeSpan.Zero, allowance.Take(ref whole, now.AddSeconds(seconds)));
        Assert.NotEqual(TimeSpan.Zero, allowance.Take(ref whole, now.AddSeconds(seconds)));
        for (int i = 0; i < atOnce; i++)
            Assert.Equal(TimeSpan.Zero, allowance.Take(ref whole, now.AddDays(1)));
        Assert.NotEqual(TimeSpan.Zero, allowance.Take(ref whole, now.AddDays(1)));
    }
}

/// <summary>A youth on the chat page's line, behind a proxy on this machine that says where they are.</summary>
public sealed class DirectLine
{
    private readonly ChannelService _service;
    private readonly string _token, _conversation, _address;

    private DirectLine(ChannelService service, string token, string conversation, string address) => (_service, _token, _conversation, _address) = (service, token, conversation, address);

    public static async Task<DirectLine> Begin(ChannelService service, string address = "10.9.0.1", string? from = null)
    {
        using HttpResponseMessage made = await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null);
        JsonElement ticket = await made.Content.ReadFromJsonAsync<JsonElement>();
        var line = new DirectLine(service, ticket.GetProperty("token").GetString()!, ticket.GetProperty("conversationId").GetString()!, address);
        using HttpResponseMessage begun = await line.Send(HttpMethod.Post, "/v3/directline/conversations", new { from });
        Assert.Equal(HttpStatusCode.Created, begun.StatusCode);
        return line;
    }

    public Task<HttpResponseMessage> Say(string text) => Send(HttpMethod.Post, $"/v3/directline/conversations/{_conversation}/activities",
        new { type = "message", text, from = new { id = "me" }, channelData = new { clientActivityID = Guid.NewGuid().ToString("N") } });

    /// <summary>Every word of the bot so far.</summary>
    public async Task<List<string>> Hear()
    {
        using HttpResponseMessage heard = await Send(HttpMethod.Get, $"/v3/directline/conversations/{_conversation}/activities?watermark=", null);
        return [.. (await heard.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("activities").EnumerateArray()
            .Where(a => a.GetProperty("from").GetProperty("role").GetString() == "bot").Select(a => a.GetProperty("text").GetString()!)];
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_service.Bot, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.Add("X-Forwarded-For", _address);
        return await _service.Http.SendAsync(request);
    }
}
