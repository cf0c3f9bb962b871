using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks.Kills;

/// <summary>
/// Messages by Direct Line as the chat page sends them, and everything read back as it reads: what is heard there stands in the commit that
/// took the words, so each must be there once and be acknowledged once, with no help from the receiver.
/// </summary>
internal sealed class PageUnderKills(Uri bot) : IUnderKills, IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(bot, "/v3/directline/") };
    private readonly ConcurrentBag<Said> answered = [];

    public string Name => "chat page";

    public bool Holds { get; private set; }

    public async Task<int> PostAsync(IEnumerable<MessageActivity> messages, CancellationToken enough, CancellationToken cancellation)
    {
        var resent = 0;
        foreach (var message in messages.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            // A beginning that was cut off is begun anew; nobody said anything in it.
            var begun = default(JsonElement);
            await Kill.UntilAnsweredAsync(
                async () => await AskAsync("tokens/generate", null, null, cancellation) is { } made
                    && await AskAsync("conversations", TokenIn(made), null, cancellation) is { } there
                    && (begun = there).ValueKind == JsonValueKind.Object,
                cancellation);
            var said = new Said(begun.GetProperty("conversationId").GetString()!, TokenIn(begun), message.Id);
            var activity = new { type = "message", text = message.Text, channelData = new { clientActivityID = message.Id } };
            resent += await Kill.UntilAnsweredAsync(
                async () => await AskAsync($"conversations/{said.Conversation}/activities", said.Token, activity, cancellation) is not null, cancellation);
            answered.Add(said);
        }

        return resent;
    }

    public async Task<Verdict> JudgeAsync(TimeSpan most, CancellationToken cancellation)
    {
        var (lost, doubled, unacknowledged, sentAgain, saidAgain) = (0, 0, 0, 0, 0);
        await Parallel.ForEachAsync(answered, cancellation, async (said, inner) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"conversations/{said.Conversation}/activities");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", said.Token);
            using var answer = (await http.SendAsync(request, inner)).EnsureSuccessStatusCode();
            var heard = (await answer.Content.ReadFromJsonAsync<JsonElement>(inner)).GetProperty("activities").EnumerateArray()
                .Where(activity => activity.GetProperty("type").GetString() == "message").ToList();
            var own = heard.FindAll(activity => RoleIn(activity) == "user" && activity.GetProperty("channelData").GetProperty("clientActivityID").GetString() == said.Id);
            var words = heard.FindAll(activity => RoleIn(activity) == "bot");
            if (own.Count == 0)
                Interlocked.Increment(ref lost);
            if (own.Count > 1)
                Interlocked.Increment(ref doubled);
            // The first is the welcome.
            if (own.Count == 0 || !heard.Skip(heard.IndexOf(own[0])).Any(activity => RoleIn(activity) == "bot"))
                Interlocked.Increment(ref unacknowledged);
            if (words.DistinctBy(activity => activity.GetProperty("id").GetString()).Count() < words.Count)
                Interlocked.Increment(ref sentAgain);
            else if (words.DistinctBy(activity => activity.GetProperty("text").GetString()).Count() < words.Count)
                Interlocked.Increment(ref saidAgain);
        });
        var verdict = new Verdict(answered.Count, lost, doubled, unacknowledged, sentAgain, saidAgain);
        Holds = verdict.Holds(isStrict: true);
        return verdict;
    }

    public void Dispose() => http.Dispose();

    private static string TokenIn(JsonElement answer) => answer.GetProperty("token").GetString()!;

    private static string? RoleIn(JsonElement activity) => activity.GetProperty("from").GetProperty("role").GetString();

    /// <returns>None where there was no answer, or a refusal.</returns>
    private async Task<JsonElement?> AskAsync(string path, string? bearer, object? body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
            using var answer = await http.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private sealed record Said(string Conversation, string Token, string Id);
}
