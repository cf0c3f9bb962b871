using System.Diagnostics;
using System.Net.Sockets;

namespace TuanLink.Benchmarks.Load;

/// <summary>What a round of load showed.</summary>
/// <param name="Turns">Turns answered 200.</param>
/// <param name="Refused">Other answers, counted by status; broken connections under 0.</param>
/// <param name="Seconds">How long the round took.</param>
/// <param name="Latencies">Milliseconds from the first byte sent to the last received, sorted.</param>
internal sealed record LoadResult(int Turns, IReadOnlyDictionary<int, int> Refused, double Seconds, double[] Latencies)
{
    public double Rate => Turns / Seconds;

    /// <summary>The latency that <paramref name="share"/> of the turns did not pass, in milliseconds; NaN without turns.</summary>
    public double Percentile(double share) =>
        Latencies.Length == 0
            ? double.NaN
            : Latencies[Math.Min(Latencies.Length - 1, (int)Math.Ceiling(share * Latencies.Length) - 1)];

    public string RefusedText =>
        Refused.Count == 0
            ? "none"
            : string.Join(", ", Refused.Select(pair => $"{pair.Value} × {(pair.Key == 0 ? "broken" : pair.Key)}"));
}

/// <summary>Connections that each post turn after turn, the next as soon as the last is answered.</summary>
internal static class LoadRound
{
    public static Task<LoadResult> ForAsync(
        TimeSpan time, int connections, Uri bot, string serviceUrl, TurnSource source, CancellationToken cancellation)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return RunAsync(connections, bot, serviceUrl, _ => Until(end, source.Talk()), cancellation);
    }

    /// <summary>Posts what each connection is given until it is given no more.</summary>
    public static async Task<LoadResult> RunAsync(
        int connections,
        Uri bot,
        string serviceUrl,
        Func<int, IEnumerable<MessageActivity>> given,
        CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var posters = Enumerable.Range(0, connections)
            .Select(connection => Task.Run(() => PostAsync(bot, serviceUrl, given(connection), cancellation), cancellation));
        var parts = await Task.WhenAll(posters);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        double[] latencies = [.. parts.SelectMany(part => part.Latencies)];
        Array.Sort(latencies);
        var refused = parts.SelectMany(part => part.Refused)
            .CountBy(status => status)
            .OrderBy(pair => pair.Key)
            .ToDictionary();
        return new LoadResult(latencies.Length, refused, seconds, latencies);
    }

    private static IEnumerable<MessageActivity> Until(long end, IEnumerable<MessageActivity> turns) =>
        turns.TakeWhile(_ => Stopwatch.GetTimestamp() < end);

    private static async Task<(List<double> Latencies, List<int> Refused)> PostAsync(
        Uri bot, string serviceUrl, IEnumerable<MessageActivity> turns, CancellationToken cancellation)
    {
        var latencies = new List<double>(64 * 1024);
        var refused = new List<int>();
        using var connection = new BotConnection(bot);
        foreach (var turn in turns)
        {
            var request = turn.ToRequest(bot, serviceUrl, TimeProvider.System.GetUtcNow());
            var sent = Stopwatch.GetTimestamp();
            int status;
            try
            {
                status = await connection.SendAsync(request, cancellation);
            }
            catch (SocketException)
            {
                status = 0;
            }

            if (status == 200)
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            else
                refused.Add(status);
        }

        return (latencies, refused);
    }
}
