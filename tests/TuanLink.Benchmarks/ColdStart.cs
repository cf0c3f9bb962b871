using System.Globalization;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;
using TuanLink.Benchmarks.Sink;

namespace TuanLink.Benchmarks;

/// <summary>How long a start takes until a turn is answered, and what the service holds in memory at rest.</summary>
internal static class ColdStart
{
    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        using var workplace = new Workplace(options.Keep);
        using var sink = await SinkProcess.StartAsync(cancellation);
        var source = new TurnSource(4, 0, Guid.NewGuid().ToString("n")[..6]);
        var tuanLink = new TuanLinkBot(options, workplace);
        var fill = options.Number("fill", 5000);

        await MeasureAsync("empty folder", fill);
        await MeasureAsync("filled folder", 0);
        return 0;

        async Task MeasureAsync(string folder, int thenFill)
        {
            using var bot = tuanLink.Start();
            var first = await bot.FirstAnswerAsync(source.Talk().First(), sink.ServiceUrl, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(options.Number("rest", 20)), cancellation);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder,-14} first answered turn after {first.TotalMilliseconds,6:n0} ms, {bot.ResidentMegabytes,6:n1} MiB at rest"));
            if (thenFill == 0)
                return;

            var before = await sink.CountAsync(cancellation);
            var load = await LoadRound.RunAsync(
                16, bot.Address, sink.ServiceUrl, _ => source.Talk().Take(thenFill / 16), cancellation);
            var (after, _) = await sink.DrainAsync(before, load.Turns, cancellation);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"",-14} filled with {load.Turns:n0} messages, {(after - before).AnsweredTurns:n0} with a reply, refused: {load.RefusedText}"));
        }
    }
}
