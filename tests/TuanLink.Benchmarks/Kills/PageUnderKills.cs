using System.Collections.Concurrent;
using System.Text.Json;
using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks.Kills;

/// <summary>
/// Messages by Direct Line as the chat page sends them, and everything read back as it reads: what is heard there stands in the commit that
/// took the words, so each must be there once and be acknowledged once, with no help from the receiver.
/// </summary>
internal sealed class PageUnderKills : IUnderKills, IDisposable
{
    private readonly HttpClient http;
    private readonly DirectLine line;
    private readonly ConcurrentBag<(BegunConversation Conversation, string Id)> answered = [];

    public PageUnderKills(Uri bot)
    {
        http = new HttpClient { BaseAddress = new Uri(bot, "/v3/directline/") };
        line = new DirectLine(http);
    }

    public string Name => "chat page";

    public bool Holds { get; private set; }

    public async Task<int> PostAsync(IEnumerable<MessageActivity> messages, CancellationToken enough, CancellationToken cancellation)
    {
        var resent = 0;
        foreach (var message in messages.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            // A beginning that was cut off is begun anew; nobody said anything in it.
            BegunConversation begun = null!;
            await Kill.UntilAnsweredAsync(() => IsDoneAsync(async () => begun = await line.BeginAsync(cancellation)), cancellation);
            resent += await Kill.UntilAnsweredAsync(() => IsDoneAsync(() => line.SayAsync(begun, message.Id, message.Text, cancellation)), cancellation);
            answered.Add((begun, message.Id));
        }

        return resent;
    }

    public async Task<Verdict> JudgeAsync(TimeSpan most, CancellationToken cancellation)
    {
        var (lost, doubled, unacknowledged, sentAgain, saidAgain) = (0, 0, 0, 0, 0);
        await Parallel.ForEachAsync(answered, cancellation, async (said, inner) =>
        {
            var heard = await line.ReadAsync(said.Conversation, inner);
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

    private static string? RoleIn(JsonElement activity) => activity.GetProperty("from").GetProperty("role").GetString();

    private static async Task<bool> IsDoneAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
