using System.Diagnostics;
using System.Globalization;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks.Kills;

/// <summary>
/// kill -9 under load. Half of the clients are a connector, half the chat page; each sends a message again under the same id until it is
/// answered. After every restart each message must stand there once and be acknowledged once: on the page to the letter, to the connector but
/// for what comes again under an id it knows, which is told.
/// </summary>
internal static class Kill
{
    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        // All youths come from this one machine, which the limits would else take for a flood.
        options.Settings.TryAdd("Limits__AddressBurst", "1000000");
        using var workplace = new Workplace(options.Keep);
        var run = Guid.NewGuid().ToString("n")[..6];
        var source = new TurnSource(1, 0, run);
        var random = new Random(options.Number("seed", 2611));
        var tuanLink = new TuanLinkBot(options, workplace);
        await using var connector = await ConnectorUnderKills.StartAsync(tuanLink, run, options.Text("receiver", "") == "strict", cancellation);
        using var page = new PageUnderKills(tuanLink.Address);
        IUnderKills[] channels = options.Text("channel", "both") switch
        {
            "both" => [connector, page],
            "connector" => [connector],
            "page" => [page],
            var other => throw new BenchmarkException($"--channel: '{other}' is none of both, connector, page."),
        };
        var clients = Math.Max(channels.Length, options.Number("clients", 16));

        var bot = tuanLink.Start();
        try
        {
            await bot.FirstAnswerAsync(source.Talk().First(), connector.ServiceUrl, cancellation);
            for (var number = 1; number <= Math.Max(1, options.Number("kills", 10)); number++)
            {
                using var enough = new CancellationTokenSource();
                var posting = Enumerable.Range(0, clients)
                    .Select(client => Task.Run(() => channels[client % channels.Length].PostAsync(source.Talk(), enough.Token, cancellation), cancellation))
                    .ToArray();
                var moment = TimeSpan.FromMilliseconds(random.Next(500, 3000));
                await Task.Delay(moment, cancellation);
                bot.Kill();
                bot.Dispose();
                bot = tuanLink.Start();
                await enough.CancelAsync();
                var resent = (await Task.WhenAll(posting)).Sum();
                var back = Stopwatch.GetElapsedTime(bot.Started);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"kill {number,2} after {moment.TotalMilliseconds,4:n0} ms under load; all clients answered {back.TotalMilliseconds,5:n0} ms after the restart ({resent} sent again)"));
                foreach (var channel in channels)
                    Console.WriteLine($"         {channel.Name}: {await channel.JudgeAsync(TimeSpan.FromSeconds(options.Number("drain", 60)), cancellation)}");
            }
        }
        finally
        {
            bot.Dispose();
        }

        var holds = channels.All(channel => channel.Holds);
        Console.WriteLine(holds ? "Nothing lost, nothing doubled." : "FAILED: something was lost or doubled.");
        return holds ? 0 : 1;
    }

    /// <summary>Tries again and again, for a minute at most: the service is being killed and started anew.</summary>
    /// <param name="isAnswered">One try; false where there was no answer, or another than was wanted.</param>
    /// <returns>How often it was tried again.</returns>
    public static async Task<int> UntilAnsweredAsync(Func<Task<bool>> isAnswered, CancellationToken cancellation)
    {
        var again = 0;
        for (var start = Stopwatch.GetTimestamp(); !await isAnswered(); again++)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                throw new BenchmarkException("A message was not answered within a minute.");
            await Task.Delay(20, cancellation);
        }

        return again;
    }
}
