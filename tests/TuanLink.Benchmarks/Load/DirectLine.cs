using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace TuanLink.Benchmarks.Load;

/// <summary>A conversation a youth has begun by Direct Line.</summary>
/// <param name="Stream">Where its WebSocket is.</param>
internal sealed record BegunConversation(string Id, string Token, Uri Stream);

/// <summary>Direct Line as the chat page speaks it. Every call fails with HttpRequestException where it is refused or broken off.</summary>
/// <param name="http">Based at the service's <c>/v3/directline/</c>.</param>
internal sealed class DirectLine(HttpClient http)
{
    /// <summary>Gets a token and begins a conversation.</summary>
    public async Task<BegunConversation> BeginAsync(CancellationToken cancellation)
    {
        var token = Text(await SendAsync(HttpMethod.Post, "tokens/generate", null, null, cancellation), "token");
        var begun = await SendAsync(HttpMethod.Post, "conversations", token, null, cancellation);
        return new BegunConversation(Text(begun, "conversationId"), Text(begun, "token"), new Uri(Text(begun, "streamUrl")));
    }

    /// <summary>Says something.</summary>
    /// <param name="id">The client's own id of it: the service takes what comes again under it for a repeat.</param>
    public Task SayAsync(BegunConversation to, string id, string text, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, Activities(to), to.Token, new { type = "message", text, channelData = new { clientActivityID = id } }, cancellation);

    /// <summary>All that was said in a conversation, by both.</summary>
    public async Task<List<JsonElement>> ReadAsync(BegunConversation from, CancellationToken cancellation) =>
        [.. (await SendAsync(HttpMethod.Get, Activities(from), from.Token, null, cancellation)).GetProperty("activities").EnumerateArray().Where(activity => Text(activity, "type") == "message")];

    private static string Activities(BegunConversation of) => $"conversations/{of.Id}/activities";

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? bearer, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = (await http.SendAsync(request, cancellation)).EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }
}
