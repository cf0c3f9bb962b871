using System.Globalization;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;
using TuanLink.Benchmarks.Sink;

namespace TuanLink.Benchmarks;

/// <summary>One round of one bot at one number of connections.</summary>
/// <param name="CpuPerTurn">Microseconds of processor time, until the last reply had left.</param>
/// <param name="DrainSeconds">From the last answer to the last reply.</param>
internal sealed record Round(LoadResult Load, double CpuPerTurn, double DrainSeconds, SinkCounts Sink)
{
    /// <summary>Turns a second, counted until their replies are out: an answer on credit gains nothing here.</summary>
    public double DeliveredRate => Sink.AnsweredTurns / (Load.Seconds + DrainSeconds);
}

/// <summary>TuanLink beside an echo bot of the JavaScript SDK: the same machine, load and sink, in turns A B A B.</summary>
internal static class Turns
{
    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        using var workplace = new Workplace(options.Keep);
        using var sink = await SinkProcess.StartAsync(cancellation);
        var run = Guid.NewGuid().ToString("n")[..6];
        var source = new TurnSource(Math.Max(1, options.Number("mix", 4)), options.Number("youths", 0), run);
        var only = options.Text("only", "");

        var bots = new Dictionary<string, BotProcess>();
        try
        {
            if (only != "echo")
                bots["TuanLink"] = new TuanLinkBot(options, workplace).Start();
            if (only != "tuanlink")
                bots["echo bot"] = await EchoBot.StartAsync(workplace, cancellation);
            foreach (var bot in bots.Values)
            {
                await bot.FirstAnswerAsync(source.Talk().First(), sink.ServiceUrl, cancellation);
                await MeasureAsync(bot, 16, options.Number("warm", 6), sink, source, cancellation);
            }

            Console.WriteLine(RoundTable.Head);
            foreach (var connections in options.Numbers("connections", 1, 16, 64))
            {
                var rounds = bots.Keys.ToDictionary(name => name, _ => new List<Round>());
                for (var number = 0; number < Math.Max(1, options.Number("rounds", 3)); number++)
                    foreach (var (name, bot) in bots)
                        rounds[name].Add(await MeasureAsync(bot, connections, options.Number("seconds", 6), sink, source, cancellation));
                RoundTable.Print(connections, rounds);
            }
        }
        finally
        {
            foreach (var bot in bots.Values)
                bot.Dispose();
        }

        return 0;
    }

    private static async Task<Round> MeasureAsync(
        BotProcess bot, int connections, int seconds, SinkProcess sink, TurnSource source, CancellationToken cancellation)
    {
        var before = await sink.CountAsync(cancellation);
        var cpu = bot.Cpu;
        var load = await LoadRound.ForAsync(
            TimeSpan.FromSeconds(seconds), connections, bot.Address, sink.ServiceUrl, source, cancellation);
        var (after, drain) = await sink.DrainAsync(before, load.Turns, cancellation);
        return new Round(load, (bot.Cpu - cpu).TotalMicroseconds / Math.Max(1, load.Turns), drain.TotalSeconds, after - before);
    }
}

/// <summary>Medians of rounds, a bot a line, and their ratio.</summary>
internal static class RoundTable
{
    public const string Head =
        "connections  bot        turns/s  delivered/s   p50 ms   p99 ms  CPU µs/turn  drain s  answered by reply  replies/turn  refused";

    public static void Print(int connections, Dictionary<string, List<Round>> rounds)
    {
        foreach (var (name, of) in rounds)
        {
            var turns = of.Sum(round => round.Load.Turns);
            var answered = of.Sum(round => round.Sink.AnsweredTurns);
            var replies = of.Sum(round => round.Sink.Replies);
            var refused = string.Join("; ", of.Select(round => round.Load.RefusedText).Distinct());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{connections,11}  {name,-9} {Rate(of),8:n0}  {Delivered(of),11:n0}  {P50(of),7:n2}  {P99(of),7:n2}  {Cpu(of),11:n1}  {Median(of, r => r.DrainSeconds),7:n2}  {answered,8:n0}/{turns,-8:n0}  {(double)replies / Math.Max(1, turns),12:n2}  {refused}"));
        }

        if (rounds.TryGetValue("TuanLink", out var ours) && rounds.TryGetValue("echo bot", out var theirs))
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{connections,11}  ratio     {Rate(ours) / Rate(theirs),8:n2}  {Delivered(ours) / Delivered(theirs),11:n2}  {P50(ours) / P50(theirs),7:n2}  {P99(ours) / P99(theirs),7:n2}  {Cpu(ours) / Cpu(theirs),11:n2}"));
    }

    private static double Rate(List<Round> rounds) => Median(rounds, round => round.Load.Rate);

    private static double Delivered(List<Round> rounds) => Median(rounds, round => round.DeliveredRate);

    private static double P50(List<Round> rounds) => Median(rounds, round => round.Load.Percentile(0.5));

    private static double P99(List<Round> rounds) => Median(rounds, round => round.Load.Percentile(0.99));

    private static double Cpu(List<Round> rounds) => Median(rounds, round => round.CpuPerTurn);

    private static double Median(List<Round> rounds, Func<Round, double> figure)
    {
        double[] sorted = [.. rounds.Select(figure).Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
