using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace TuanLink.Journeys;

/// <summary>Direct Line 3.0 as a client on the wire sees it (PROTOCOLS.md §3).</summary>
public sealed class DirectLineJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_conversation_welcomes_once_echoes_what_was_said_and_tells_each_thing_once()
    {
        Line line = await Begin();
        (string mark, List<JsonElement> first) = await Poll(line, "");
        JsonElement welcome = Assert.Single(first);
        Assert.Contains("青年之声", Text(welcome), StringComparison.Ordinal);
        // Beginning again, as a page does that was reloaded, greets nobody twice.
        await Call(HttpMethod.Post, "/conversations", line.Token);
        Assert.Empty((await Poll(line, mark)).Activities);

        JsonElement posted = await Say(line, "团费怎么交，毕业了还要不要交", "k1");
        (mark, List<JsonElement> after) = await Poll(line, mark);
        Assert.Equal(2, after.Count);
        Assert.Equal(("k1", posted.GetProperty("id").GetString()), (after[0].GetProperty("channelData").GetProperty("clientActivityID").GetString(), after[0].GetProperty("id").GetString()));
        Assert.Equal("user", after[0].GetProperty("from").GetProperty("role").GetString());
        Assert.Contains("QS-", Text(after[1]), StringComparison.Ordinal);
        Assert.Equal("bot", after[1].GetProperty("from").GetProperty("role").GetString());
        Assert.Empty((await Poll(line, mark)).Activities);

        // The client did not hear the answer and says the same again: one message, one inquiry, the same id.
        JsonElement again = await Say(line, "团费怎么交，毕业了还要不要交", "k1");
        Assert.Equal(posted.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Empty((await Poll(line, mark)).Activities);
        JsonElement[] atOnce = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Say(line, "补充一下，我是去年毕业的", "k2")));
        Assert.Single(atOnce.Select(a => a.GetProperty("id").GetString()).Distinct());
        Assert.Equal((2, 1), await _service.See(async db => (await db.Messages.CountAsync(), await db.Inquiries.CountAsync())));
        Assert.Equal(1, (await Poll(line, mark)).Activities.Count(a => a.GetProperty("from").GetProperty("role").GetString() == "user"));
        // From the beginning everything is there again, in order, each once.
        List<JsonElement> all = (await Poll(line, "")).Activities;
        Assert.Equal(all.Count, all.Select(a => a.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(Text(welcome), Text(all[0]));
    }

    [Fact]
    public async Task A_token_is_renewed_lets_in_to_one_conversation_only_and_ends_after_an_hour()
    {
        Line line = await Begin();
        Line other = await Begin();
        HttpResponseMessage refreshed = await Call(HttpMethod.Post, "/tokens/refresh", line.Token);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Line renewed = await Ticket(refreshed);
        Assert.Equal(line.Id, renewed.Id);

        foreach ((string? token, int status, string code) in new[]
        {
            (null, 401, "BadToken"), ("", 401, "BadToken"), ("x", 401, "BadToken"), ("a.b", 401, "BadToken"), (line.Token + "x", 401, "BadToken"),
            (line.Token[..^4] + "AAAA", 401, "BadToken"), (new string('x', 5000), 401, "BadToken"), (other.Token, 403, "BadConversation"),
        })
            foreach ((HttpMethod verb, string path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/activities"), (HttpMethod.Post, "/activities") })
            {
                HttpResponseMessage refused = await Call(verb, $"/conversations/{line.Id}{path}", token, verb == HttpMethod.Post ? """{"type":"message","text":"x"}""" : null);
                Assert.True((int)refused.StatusCode == status, $"{verb} {path} with '{token?[..Math.Min(8, token.Length)]}' answered {(int)refused.StatusCode}");
                Assert.Contains(code, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

        _service.Clock.Advance(TimeSpan.FromMinutes(61));
        HttpResponseMessage expired = await Call(HttpMethod.Get, $"/conversations/{line.Id}/activities", renewed.Token);
        Assert.Equal(HttpStatusCode.Forbidden, expired.StatusCode);
        Assert.Contains("TokenExpired", await expired.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Call(HttpMethod.Post, $"/conversations/{line.Id}/activities", renewed.Token, """{"type":"message","text":"x"}""")).StatusCode);
        // A device that slept goes on in its own conversation.
        Line woken = await Ticket(await Call(HttpMethod.Get, $"/conversations/{line.Id}", renewed.Token));
        Assert.Single((await Poll(woken, "")).Activities);
        _service.Clock.Advance(TimeSpan.FromDays(120));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Call(HttpMethod.Post, "/tokens/refresh", renewed.Token)).StatusCode);
        Assert.Equal(0, await _service.See(db => db.Messages.CountAsync()));
    }

    [Fact]
    public async Task Wrong_words_get_a_clear_answer_and_leave_nothing()
    {
        Line line = await Begin();
        foreach ((string type, string body, int status) in new[]
        {
            ("application/json", "", 400), ("application/json", "{", 400), ("application/json", "[]", 400), ("application/json", "null", 400), ("application/json", "7", 400),
            ("application/json", "{}", 400), ("application/json", """{"type":5}""", 400), ("application/json", """{"type":"message","text":5}""", 400),
            ("application/json", """{"type":"message","text":"\ud800"}""", 400), ("application/json", """{"type":"message","channelData":5}""", 400),
            ("application/json", """{"type":"message","text":"x","channelData":{"clientActivityID":"LONG"}}""".Replace("LONG", new string('k', 600), StringComparison.Ordinal), 400),
            ("application/json", new string('[', 5000), 400), ("application/json", $$"""{"type":"message","text":"{{new string('x', 70_000)}}"}""", 413),
            ("text/plain", "hello", 415), ("application/xml", "<a/>", 415),
            ("application/json", """{"type":"typing"}""", 200), ("application/json", """{"type":"event","name":"x","value":[1]}""", 200),
        })
        {
            HttpResponseMessage answer = await Call(HttpMethod.Post, $"/conversations/{line.Id}/activities", line.Token, body, type);
            Assert.True((int)answer.StatusCode == status, $"{body[..Math.Min(60, body.Length)]} answered {(int)answer.StatusCode}");
            string said = await answer.Content.ReadAsStringAsync();
            Assert.Contains(status == 200 ? "\"id\"" : "\"message\"", said, StringComparison.Ordinal);
        }
        foreach (string body in new[] { "{", "[", """{"user":5}""", """{"user":{"id":5}}""" })
            Assert.Equal(HttpStatusCode.BadRequest, (await Call(HttpMethod.Post, "/tokens/generate", null, body)).StatusCode);
        // A mark that is none is the beginning; one from the future waits for it.
        Assert.Single((await Poll(line, "abc")).Activities);
        Assert.Single((await Poll(line, "-1")).Activities);
        Assert.Empty((await Poll(line, "99999999")).Activities);
        Assert.Equal(0, await _service.See(db => db.Messages.CountAsync()));
    }

    private sealed record Line(string Id, string Token);

    private async Task<Line> Begin()
    {
        Line line = await Ticket(await Call(HttpMethod.Post, "/tokens/generate", null));
        HttpResponseMessage begun = await Call(HttpMethod.Post, "/conversations", line.Token);
        Assert.Equal(HttpStatusCode.Created, begun.StatusCode);
        return await Ticket(begun);
    }

    private async Task<JsonElement> Say(Line line, string text, string key)
    {
        HttpResponseMessage answer = await Call(HttpMethod.Post, $"/conversations/{line.Id}/activities", line.Token,
            JsonSerializer.Serialize(new { type = "message", text, from = new { id = "me" }, channelData = new { clientActivityID = key } }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<(string Mark, List<JsonElement> Activities)> Poll(Line line, string mark)
    {
        HttpResponseMessage answer = await Call(HttpMethod.Get, $"/conversations/{line.Id}/activities?watermark={mark}", line.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        JsonElement read = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (read.GetProperty("watermark").GetString()!, [.. read.GetProperty("activities").EnumerateArray()]);
    }

    private async Task<HttpResponseMessage> Call(HttpMethod verb, string path, string? token, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(verb, new Uri(_service.Bot, "/v3/directline" + path));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await _service.Http.SendAsync(request);
    }

    private static async Task<Line> Ticket(HttpResponseMessage answer)
    {
        JsonElement ticket = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.True(ticket.GetProperty("expires_in").GetInt32() >= 1800, "the client renews every 15 minutes");
        return new(ticket.GetProperty("conversationId").GetString()!, ticket.GetProperty("token").GetString()!);
    }

    private static string Text(JsonElement activity) => activity.GetProperty("text").GetString()!;
}
