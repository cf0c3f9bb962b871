using System.Diagnostics;
using System.Globalization;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks;

/// <summary>So many youths on the chat page at once, each with an open WebSocket, each saying something every so often.</summary>
internal static class Sockets
{
    private const int OpenedAtOnce = 16;

    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        var count = Math.Max(1, options.Number("count", 1000));
        var every = TimeSpan.FromSeconds(Math.Max(1, options.Number("every", 10)));
        var time = TimeSpan.FromSeconds(Math.Max(1, options.Number("seconds", 60)));

        // All youths come from this one machine, which the limits would else take for a flood.
        options.Settings.TryAdd("Limits__AddressBurst", "100000");
        using var workplace = new Workplace(options.Keep);
        using var bot = new TuanLinkBot(options, workplace).Start();
        using var http = new HttpClient { BaseAddress = new Uri(bot.Address, "/v3/directline/") };
        await ReadyAsync(http, bot, cancellation);
        var atRest = bot.ResidentMegabytes;

        var youths = Enumerable.Range(0, count).Select(number => new SocketYouth(number, new DirectLine(http))).ToList();
        try
        {
            var opening = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(
                youths,
                new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellation },
                async (youth, inner) => await youth.OpenAsync(inner));
            var opened = Stopwatch.GetElapsedTime(opening);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count:n0} sockets opened in {opened.TotalSeconds:n1} s; memory {atRest:n0} MiB before, {bot.ResidentMegabytes:n0} MiB with them; load of the machine {Load()}"));

            using var ears = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var hearing = youths.ConvertAll(youth => youth.HearAsync(ears.Token));
            using var mouths = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            mouths.CancelAfter(time);
            var (cpu, began) = (bot.Cpu, Stopwatch.GetTimestamp());
            var watching = WatchMemoryAsync(bot, mouths.Token);
            await Task.WhenAll(youths.Select((youth, place) => youth.TalkAsync(every * place / count, every, mouths.Token)));
            var (spent, lasted) = (bot.Cpu - cpu, Stopwatch.GetElapsedTime(began));

            // What was said last is on its way.
            for (var wait = 0; wait < 100 && youths.Exists(youth => youth.Unheard > 0); wait++)
                await Task.Delay(100, cancellation);
            await ears.CancelAsync();
            await Task.WhenAll(hearing);
            Print(youths, spent, lasted, await watching);
            return youths.Exists(youth => youth.Errors.Count > 0 || youth.Unheard > 0) ? 1 : 0;
        }
        finally
        {
            youths.ForEach(youth => youth.Dispose());
        }
    }

    private static void Print(List<SocketYouth> youths, TimeSpan cpu, TimeSpan lasted, double mostMemory)
    {
        var said = youths.Sum(youth => youth.Said);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{said:n0} messages in {lasted.TotalSeconds:n0} s, {said / lasted.TotalSeconds:n1} a second; processor {cpu / lasted:p1} of one core, {cpu.TotalMicroseconds / Math.Max(1, said):n0} µs a message; memory {mostMemory:n0} MiB at most; load of the machine {Load()}"));
        Console.WriteLine($"echo    {Figures(youths.SelectMany(youth => youth.Echoes))}");
        Console.WriteLine($"answer  {Figures(youths.SelectMany(youth => youth.Answers))}");
        var errors = youths.SelectMany(youth => youth.Errors).CountBy(error => error).Select(pair => $"{pair.Value} × {pair.Key}").ToList();
        var unheard = youths.Sum(youth => youth.Unheard);
        if (unheard > 0)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{unheard} × taken and never heard"));
        Console.WriteLine($"errors  {(errors.Count == 0 ? "none" : string.Join(", ", errors))}");
    }

    private static string Figures(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return sorted.Length == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Length,7:n0}  p50 {At(0.5):n1} ms  p99 {At(0.99):n1} ms  worst {sorted[^1]:n1} ms");

        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    private static async Task<double> WatchMemoryAsync(BotProcess bot, CancellationToken end)
    {
        var most = 0.0;
        while (!end.IsCancellationRequested)
        {
            most = Math.Max(most, bot.ResidentMegabytes);
            await Task.Delay(500, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return most;
    }

    private static async Task ReadyAsync(HttpClient http, BotProcess bot, CancellationToken cancellation)
    {
        while (Stopwatch.GetElapsedTime(bot.Started) < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var answer = await http.GetAsync("/healthz", cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, cancellation);
        }

        throw new BenchmarkException("The service was not healthy within two minutes.");
    }

    // The load average of the last minute: figures of a busy machine say little.
    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
