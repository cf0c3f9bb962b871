using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;
using TuanLink.Benchmarks.Sink;

namespace TuanLink.Benchmarks.Kills;

/// <summary>
/// Messages by POST /api/messages, replies posted to a sink. What was on its way to the sink in the moment of a kill goes out again under the
/// same id: nobody can know whether it had arrived. A receiver that drops ids it knows hears everything once.
/// </summary>
internal sealed class ConnectorUnderKills : IUnderKills, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> answered = new(StringComparer.Ordinal);
    private readonly RecordedReplies replies = new();
    private readonly Uri bot;
    private readonly StoredMessages stored;
    private readonly string run;
    private readonly bool isStrict;
    private ReplySink sink = null!;

    private ConnectorUnderKills(TuanLinkBot bot, string run, bool isStrict)
    {
        this.bot = bot.Address;
        this.run = run;
        this.isStrict = isStrict;
        stored = new StoredMessages(bot.DataFolder);
    }

    public string Name => "connector";

    public string ServiceUrl => sink.ServiceUrl;

    public bool Holds { get; private set; }

    /// <param name="isStrict">Whether a reply that comes again under its own id is a fault too.</param>
    public static async Task<ConnectorUnderKills> StartAsync(TuanLinkBot bot, string run, bool isStrict, CancellationToken cancellation)
    {
        var connector = new ConnectorUnderKills(bot, run, isStrict);
        connector.sink = await ReplySink.StartAsync(0, connector.replies.TakeAsync, counts: null, cancellation);
        return connector;
    }

    public async Task<int> PostAsync(IEnumerable<MessageActivity> messages, CancellationToken enough, CancellationToken cancellation)
    {
        var resent = 0;
        using var connection = new BotConnection(bot);
        foreach (var message in messages.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            var request = message.ToRequest(bot, ServiceUrl, TimeProvider.System.GetUtcNow());
            resent += await Kill.UntilAnsweredAsync(() => IsTakenAsync(connection, request, cancellation), cancellation);
            answered[message.Id] = message.Conversation;
        }

        return resent;
    }

    public async Task<Verdict> JudgeAsync(TimeSpan most, CancellationToken cancellation)
    {
        await QuietAsync(most, cancellation);
        var counts = stored.Count(run);
        var deliveries = answered.Values.Select(replies.To).ToList();
        var verdict = new Verdict(
            answered.Count,
            answered.Keys.Count(id => !counts.ContainsKey(id)),
            counts.Values.Count(times => times > 1),
            deliveries.Count(of => of.Times == 0),
            deliveries.Count(of => of.Times > 1 && of.SameId),
            deliveries.Count(of => of.Times > 1 && !of.SameId));
        Holds = verdict.Holds(isStrict);
        return verdict;
    }

    public ValueTask DisposeAsync() => sink.DisposeAsync();

    private static async Task<bool> IsTakenAsync(BotConnection connection, byte[] request, CancellationToken cancellation)
    {
        try
        {
            return await connection.SendAsync(request, cancellation) == 200;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Until every answered message has its acknowledgement, then until nothing more comes for two seconds.</summary>
    private async Task QuietAsync(TimeSpan most, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (answered.Values.Any(conversation => replies.To(conversation).Times == 0)
            && Stopwatch.GetElapsedTime(start) < most)
            await Task.Delay(50, cancellation);

        var total = replies.Total;
        for (var moved = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(moved).TotalSeconds < 2;)
        {
            await Task.Delay(50, cancellation);
            if (total == replies.Total)
                continue;
            total = replies.Total;
            moved = Stopwatch.GetTimestamp();
        }
    }
}
