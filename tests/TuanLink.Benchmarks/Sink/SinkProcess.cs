using System.Diagnostics;
using System.Globalization;

namespace TuanLink.Benchmarks.Sink;

/// <summary>Replies the sink has seen so far.</summary>
/// <param name="Replies">All of them; a bot may send several for one turn.</param>
/// <param name="AnsweredTurns">Turns that got at least one.</param>
internal readonly record struct SinkCounts(long Replies, long AnsweredTurns)
{
    public static SinkCounts operator -(SinkCounts later, SinkCounts earlier) =>
        new(later.Replies - earlier.Replies, later.AnsweredTurns - earlier.AnsweredTurns);
}

/// <summary>A sink in a process of its own, so that neither bot nor load generator pays for it.</summary>
internal sealed class SinkProcess : IDisposable
{
    private const int MostTurns = 1 << 25;

    private readonly Process process;
    private readonly HttpClient client = new();

    private SinkProcess(Process process, string serviceUrl)
    {
        this.process = process;
        ServiceUrl = serviceUrl;
    }

    public string ServiceUrl { get; }

    /// <summary>The sink's own process: prints where it listens, and ends when nobody holds its input any more.</summary>
    public static async Task<int> ServeAsync(CancellationToken cancellation)
    {
        var seen = new bool[MostTurns];
        long replies = 0, answered = 0;
        await using var sink = await ReplySink.StartAsync(0, TakeAsync, Counts, cancellation);
        Console.WriteLine(sink.ServiceUrl);
        while (await Console.In.ReadLineAsync(cancellation) is not null)
        {
        }

        return 0;

        async Task TakeAsync(string path, Stream body)
        {
            await body.CopyToAsync(Stream.Null, cancellation);
            Interlocked.Increment(ref replies);
            var turn = ReplyPath.Turn(path);
            if (turn >= 0 && turn < MostTurns && !Interlocked.Exchange(ref seen[turn], true))
                Interlocked.Increment(ref answered);
        }

        string Counts() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Interlocked.Read(ref replies)} {Interlocked.Read(ref answered)}");
    }

    public static async Task<SinkProcess> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SinkProcess).Assembly.Location, "sink"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new BenchmarkException("dotnet does not start.");
        var serviceUrl = await process.StandardOutput.ReadLineAsync(cancellation);
        return new SinkProcess(process, serviceUrl ?? throw new BenchmarkException("The sink ended at once."));
    }

    public async Task<SinkCounts> CountAsync(CancellationToken cancellation)
    {
        var counts = (await client.GetStringAsync(new Uri($"{ServiceUrl}/counts"), cancellation)).Split(' ');
        return new SinkCounts(
            long.Parse(counts[0], CultureInfo.InvariantCulture),
            long.Parse(counts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until so many turns have a reply, or nothing has come for five seconds.</summary>
    /// <returns>The counts, and how long after the call the last reply was seen.</returns>
    public async Task<(SinkCounts Counts, TimeSpan Took)> DrainAsync(
        SinkCounts before, int turns, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var moved = start;
        var last = await CountAsync(cancellation);
        while ((last - before).AnsweredTurns < turns && Stopwatch.GetElapsedTime(moved).TotalSeconds < 5)
        {
            await Task.Delay(20, cancellation);
            var now = await CountAsync(cancellation);
            if (now != last)
                moved = Stopwatch.GetTimestamp();
            last = now;
        }

        return (last, Stopwatch.GetElapsedTime(start, moved));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            process.Kill();
        process.Dispose();
        client.Dispose();
    }
}
