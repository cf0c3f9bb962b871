using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using TuanLink.Routing.Tests.Database;

namespace TuanLink.Journeys.Channels;

/// <summary>The WebSocket of Direct Line, frame by frame.</summary>
public sealed class DirectLineStreamJourneys
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_socket_of_a_conversation_hears_everything_from_its_mark_on_and_ends_with_its_token()
    {
        TestService service = await TestService.Start();
        JsonElement ticket = await Begin(service);
        using ClientWebSocket first = await Open(Stream(ticket));
        JsonElement welcome = await Frame(first);
        Assert.Single(welcome.GetProperty("activities").EnumerateArray());
        string mark = welcome.GetProperty("watermark").GetString()!;

        using ClientWebSocket second = await Open(Stream(await Again(service, ticket, mark)));
        using ClientWebSocket late = await Open(Stream(await Again(service, ticket, "")));
        Assert.Equal(mark, (await Frame(late)).GetProperty("watermark").GetString());
        await Say(service, ticket, "团费怎么交");
        foreach (ClientWebSocket socket in new[] { first, second, late })
            Assert.Equal(["user", "bot"], await Roles(socket, 2));
        // Signs of life are let pass; words do not come this way.
        await first.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, true, default);
        await second.SendAsync(new byte[9000], WebSocketMessageType.Text, true, default);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await End(second));
        await Say(service, ticket, "进度");
        Assert.Equal(["user", "bot"], await Roles(first, 2));

        service.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "TokenExpired"), (await End(first), first.CloseStatusDescription));
        // The mark of the last frame and a fresh token: nothing is missing, nothing comes again.
        using ClientWebSocket woken = await Open(Stream(await Again(service, ticket, mark)));
        Assert.Equal(["user", "bot", "user", "bot"], await Roles(woken, 4));
        Task<WebSocketCloseStatus?> told = End(woken);
        await service.DisposeAsync();
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await told);
    }

    [Fact]
    public async Task No_socket_opens_without_the_conversations_own_token()
    {
        await using TestService service = await TestService.Start();
        JsonElement ticket = await Begin(service), other = await Begin(service);
        string stream = Stream(ticket);
        string bare = stream[..stream.IndexOf('?', StringComparison.Ordinal)];
        string theirs = other.GetProperty("token").GetString()!;
        foreach ((string address, HttpStatusCode status) in new[]
        {
            (bare, HttpStatusCode.Unauthorized), (bare + "?t=", HttpStatusCode.Unauthorized), (stream + "x", HttpStatusCode.Unauthorized), (bare + "?t=" + theirs, HttpStatusCode.Forbidden),
        })
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(address), default));
            Assert.Equal(status, socket.HttpStatusCode);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Http.GetAsync(new Uri(stream.Replace("ws://", "http://", StringComparison.Ordinal)))).StatusCode);
    }

    [Fact]
    public async Task On_PostgreSQL_a_socket_hears_what_another_node_took()
    {
        string database = await PostgresServer.NewDatabaseAsync();
        await using TestService a = await TestService.Start(new() { Postgres = database });
        await using TestService b = await TestService.Start(new() { Postgres = database, Beside = a });
        JsonElement ticket = await Begin(a);
        using ClientWebSocket atA = await Open(Stream(ticket));
        await Frame(atA);
        await Say(b, ticket, "团费怎么交");
        Assert.Equal(["user", "bot"], await Roles(atA, 2));
    }

    private static string Stream(JsonElement ticket) => ticket.GetProperty("streamUrl").GetString()!;

    private static async Task<JsonElement> Begin(TestService service)
    {
        JsonElement ticket = await (await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null)).Content.ReadFromJsonAsync<JsonElement>();
        return await Call(service, ticket, HttpMethod.Post, "/conversations", null);
    }

    private static Task<JsonElement> Again(TestService service, JsonElement ticket, string mark) =>
        Call(service, ticket, HttpMethod.Get, $"/conversations/{ticket.GetProperty("conversationId").GetString()}?watermark={mark}", null);

    private static Task<JsonElement> Say(TestService service, JsonElement ticket, string text) =>
        Call(service, ticket, HttpMethod.Post, $"/conversations/{ticket.GetProperty("conversationId").GetString()}/activities", new { type = "message", text });

    private static async Task<JsonElement> Call(TestService service, JsonElement ticket, HttpMethod verb, string path, object? body)
    {
        using var request = new HttpRequestMessage(verb, new Uri(service.Bot, "/v3/directline" + path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", ticket.GetProperty("token").GetString());
        HttpResponseMessage answer = await service.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<ClientWebSocket> Open(string address)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(address), default);
        return socket;
    }

    private static async Task<JsonElement> Frame(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] frame = new byte[65536];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(frame.AsMemory(length), patience.Token);
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            length += part.Count;
            if (part.EndOfMessage && length > 0)
                return JsonDocument.Parse(Encoding.UTF8.GetString(frame, 0, length)).RootElement;
        }
    }

    // Who speaks in the next frames, of one activity each, whose marks grow.
    private static async Task<List<string?>> Roles(ClientWebSocket socket, int frames)
    {
        var roles = new List<string?>();
        long mark = 0;
        for (int i = 0; i < frames; i++)
        {
            JsonElement frame = await Frame(socket);
            roles.Add(Assert.Single(frame.GetProperty("activities").EnumerateArray()).GetProperty("from").GetProperty("role").GetString());
            long next = long.Parse(frame.GetProperty("watermark").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(next > mark, $"the mark goes from {mark} to {next}");
            mark = next;
        }
        return roles;
    }

    private static async Task<WebSocketCloseStatus?> End(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] frame = new byte[65536];
        while ((await socket.ReceiveAsync(frame.AsMemory(), patience.Token)).MessageType != WebSocketMessageType.Close)
            Assert.NotEqual(WebSocketState.Aborted, socket.State);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", default);
        return socket.CloseStatus;
    }
}
