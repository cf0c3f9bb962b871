using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys.Channels;

/// <summary>Somebody is seen writing where an answer is long in coming, and only there.</summary>
public sealed class TypingJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_turn_that_must_wait_shows_that_somebody_writes_and_is_kept_nowhere()
    {
        var busy = new TaskCompletionSource();
        Task other = _service.Do(_ => busy.Task);
        Task<HttpResponseMessage> turn = _service.Post("c1", "1", "厂里三个月没发工资了，找谁都没用");
        Task<HttpResponseMessage> inline = _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), _service.Activity("c2", "1", "进度", "expectReplies"));
        await Until(() => Task.FromResult(!_service.Connector.Typing.IsEmpty));
        Assert.Empty(_service.Replies);
        busy.SetResult();
        await other;
        Assert.True((await turn).IsSuccessStatusCode && (await inline).IsSuccessStatusCode);
        Assert.Contains("QS-", Assert.Single(await _service.Heard("c1", 1)), StringComparison.Ordinal);
        JsonElement typing = Assert.Single(_service.Connector.Typing);
        Assert.Equal(("c1", "youth-c1", "bot"), (typing.GetProperty("conversation").GetProperty("id").GetString(), typing.GetProperty("recipient").GetProperty("id").GetString(), typing.GetProperty("from").GetProperty("id").GetString()));
        Assert.Equal(2, await _service.See(db => db.Outbox.CountAsync()));
    }

    [Fact]
    public async Task The_chat_pages_client_sees_it_between_its_words_and_the_answer()
    {
        using var client = new DirectLinePeer();
        JsonElement ticket = await (await _service.Http.PostAsync(new Uri(_service.Bot, "/v3/directline/tokens/generate"), null)).Content.ReadFromJsonAsync<JsonElement>();
        client.Start(_service.Bot, ticket.GetProperty("token").GetString()!);
        await client.Says("opened");
        await client.Hears(1);
        var busy = new TaskCompletionSource();
        Task other = _service.Do(_ => busy.Task);
        client.Post("团费怎么交，毕业了还要不要交", "k1");
        await client.Hears(2);
        Assert.Equal("typing", client.Heard[1].GetProperty("type").GetString());
        busy.SetResult();
        await other;
        await client.Hears(4);
        Assert.Equal(["message", "message"], client.Heard.Skip(2).Select(a => a.GetProperty("type").GetString()));
        // It was never in the transcript: who comes later does not hear of it.
        Assert.Equal(3, await _service.See(db => db.Transcript.CountAsync()));
    }
}
