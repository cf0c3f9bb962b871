using System.Collections.Concurrent;
using System.Globalization;
using TuanLink.Benchmarks.Load;
using TuanLink.Benchmarks.Sink;

namespace TuanLink.Benchmarks;

/// <summary>Posts every row of a tab-separated file to a running service, each row from a youth of its own.</summary>
internal static class Pour
{
    public static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        if (options.Words is not [var file, ..] || !File.Exists(file))
            throw new BenchmarkException("pour FILE.tsv [column]: no such file.");
        var texts = Texts(file, options.Words.ElementAtOrDefault(1));
        var bot = new Uri(options.Text("url", "http://127.0.0.1:3978"));
        var answered = new ConcurrentDictionary<int, bool>();
        await using var sink = await ReplySink.StartAsync(
            options.Number("sink-port", 3979),
            async (path, body) =>
            {
                await body.CopyToAsync(Stream.Null, cancellation);
                answered[ReplyPath.Turn(path)] = true;
            },
            counts: null,
            cancellation);
        Console.WriteLine($"{texts.Count:n0} rows to {bot}; replies to {sink.ServiceUrl}, which the service must be allowed to call.");

        var run = Guid.NewGuid().ToString("n")[..6];
        var next = -1;
        var load = await LoadRound.RunAsync(
            Math.Max(1, options.Number("connections", 16)), bot, sink.ServiceUrl, _ => Rows(), cancellation);
        for (int before = -1; before != answered.Count && answered.Count < load.Turns;)
        {
            before = answered.Count;
            await Task.Delay(2000, cancellation);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"200: {load.Turns:n0}; other: {load.RefusedText}; {load.Rate:n0} a second; p50 {load.Percentile(0.5):n2} ms, p99 {load.Percentile(0.99):n2} ms; {answered.Keys.Count(turn => turn >= 0):n0} with a reply"));
        return load.Turns == texts.Count ? 0 : 1;

        IEnumerable<MessageActivity> Rows()
        {
            for (int row; (row = Interlocked.Increment(ref next)) < texts.Count;)
            {
                var number = row.ToString(CultureInfo.InvariantCulture);
                yield return new MessageActivity($"{run}-{number}", $"pour-{run}-{number}", $"youth-{run}-{number}", texts[row]);
            }
        }
    }

    /// <param name="file">Its first line names the columns.</param>
    /// <param name="column">The column to post; without one, title and detail together.</param>
    private static List<string> Texts(string file, string? column)
    {
        using var lines = File.ReadLines(file).GetEnumerator();
        string[] names = lines.MoveNext() ? lines.Current.Split('\t') : [];
        var wanted = (column is null ? (string[])["title", "detail"] : [column])
            .Select(name => Array.IndexOf(names, name))
            .Where(index => index >= 0)
            .ToArray();
        if (wanted.Length == 0)
            throw new BenchmarkException($"{file} has the columns {string.Join(", ", names)}; name one of them.");

        var texts = new List<string>();
        while (lines.MoveNext())
        {
            var cells = lines.Current.Split('\t');
            var text = string.Join(' ', wanted.Where(index => index < cells.Length).Select(index => cells[index].Trim())).Trim();
            if (text.Length > 0)
                texts.Add(text);
        }

        return texts;
    }
}
