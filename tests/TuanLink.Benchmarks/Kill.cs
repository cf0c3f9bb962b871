using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;
using TuanLink.Benchmarks.Sink;

namespace TuanLink.Benchmarks;

/// <summary>
/// kill -9 under load. As a real channel does, a client sends a message again under the same activity id until it is
/// answered 200. After every restart each of them must stand in the database once, and its acknowledgement must have
/// reached the sink once.
/// </summary>
internal static class Kill
{
    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        using var workplace = new Workplace(options.Keep);
        var replies = new RecordedReplies();
        await using var sink = await ReplySink.StartAsync(0, replies.TakeAsync, counts: null, cancellation);
        var run = Guid.NewGuid().ToString("n")[..6];
        var source = new TurnSource(1, 0, run);
        var random = new Random(options.Number("seed", 2611));
        var tuanLink = new TuanLinkBot(options, workplace);
        var stored = new StoredMessages(tuanLink.DataFolder);
        var answered = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var kills = Math.Max(1, options.Number("kills", 10));
        var verdict = new Verdict(0, 0, 0, 0, 0);
        var dropping = options.Text("receiver", "") == "drops-known-ids";

        var bot = tuanLink.Start();
        try
        {
            await bot.FirstAnswerAsync(source.Talk().First(), sink.ServiceUrl, cancellation);
            for (var number = 1; number <= kills; number++)
            {
                using var enough = new CancellationTokenSource();
                var clients = Enumerable.Range(0, options.Number("clients", 16))
                    .Select(_ => Task.Run(() => PostAsync(bot.Address, sink.ServiceUrl, source.Talk(), answered, enough.Token, cancellation), cancellation))
                    .ToArray();
                var moment = TimeSpan.FromMilliseconds(random.Next(500, 3000));
                await Task.Delay(moment, cancellation);
                var before = answered.Count;
                bot.Kill();
                bot.Dispose();
                bot = tuanLink.Start();
                await enough.CancelAsync();
                var resent = (await Task.WhenAll(clients)).Sum();
                var back = Stopwatch.GetElapsedTime(bot.Started);

                await QuietAsync(replies, answered, TimeSpan.FromSeconds(options.Number("drain", 60)), cancellation);
                verdict = Verdict.Of(answered, stored.Count(run), replies);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"kill {number,2} after {moment.TotalMilliseconds,4:n0} ms under load, {before,6:n0} answered by then; all clients answered {back.TotalMilliseconds,5:n0} ms after the restart ({resent} sent again); of {answered.Count:n0}: {verdict}"));
            }
        }
        finally
        {
            bot.Dispose();
        }

        var holds = verdict.Holds(dropping);
        Console.WriteLine(holds ? "Nothing lost, nothing doubled." : "FAILED: something was lost or doubled.");
        return holds ? 0 : 1;
    }

    /// <summary>One client: the next message as soon as the last is answered, and at the end none left unanswered.</summary>
    /// <returns>How often a message was sent again.</returns>
    private static async Task<int> PostAsync(
        Uri bot,
        string serviceUrl,
        IEnumerable<MessageActivity> messages,
        ConcurrentDictionary<string, string> answered,
        CancellationToken enough,
        CancellationToken cancellation)
    {
        var resent = 0;
        using var connection = new BotConnection(bot);
        foreach (var message in messages.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            var request = message.ToRequest(bot, serviceUrl, TimeProvider.System.GetUtcNow());
            var start = Stopwatch.GetTimestamp();
            while (await TrySendAsync(connection, request, cancellation) != 200)
            {
                resent++;
                if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                    throw new BenchmarkException($"{message.Id} was not answered 200 within a minute.");
                await Task.Delay(20, cancellation);
            }

            answered[message.Id] = message.Conversation;
        }

        return resent;
    }

    private static async Task<int> TrySendAsync(BotConnection connection, byte[] request, CancellationToken cancellation)
    {
        try
        {
            return await connection.SendAsync(request, cancellation);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Waits until every answered message has its acknowledgement, then until nothing more comes for two seconds.</summary>
    private static async Task QuietAsync(
        RecordedReplies replies,
        ConcurrentDictionary<string, string> answered,
        TimeSpan most,
        CancellationToken cancellation)
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

/// <summary>What is wrong with the messages that were answered 200.</summary>
/// <param name="Lost">Not in the database.</param>
/// <param name="Doubled">More than once in the database.</param>
/// <param name="Unacknowledged">No acknowledgement reached the sink.</param>
/// <param name="SentAgain">The same acknowledgement came again, under the same activity id: a receiver can drop it.</param>
/// <param name="SaidAgain">The same acknowledgement came again and nothing tells it from a new one.</param>
internal sealed record Verdict(int Lost, int Doubled, int Unacknowledged, int SentAgain, int SaidAgain)
{
    /// <param name="dropping">Whether the receiver drops what comes again under a known id.</param>
    public bool Holds(bool dropping) =>
        Lost + Doubled + Unacknowledged + SaidAgain == 0 && (dropping || SentAgain == 0);

    public static Verdict Of(
        IReadOnlyDictionary<string, string> answered, Dictionary<string, int> stored, RecordedReplies replies)
    {
        var deliveries = answered.Values.Select(replies.To).ToList();
        return new Verdict(
            answered.Keys.Count(id => !stored.ContainsKey(id)),
            stored.Values.Count(times => times > 1),
            deliveries.Count(of => of.Times == 0),
            deliveries.Count(of => of.Times > 1 && of.SameId),
            deliveries.Count(of => of.Times > 1 && !of.SameId));
    }

    public override string ToString() =>
        $"{Lost} lost, {Doubled} stored twice, {Unacknowledged} unacknowledged, {SentAgain} sent again under the same id, {SaidAgain} said again";
}
