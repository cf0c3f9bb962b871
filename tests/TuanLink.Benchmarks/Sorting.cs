using System.Diagnostics;
using System.Globalization;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Benchmarks;

/// <summary>sorting: how many messages a second the shipped sorter answers, one call a message (topic, kind, urgency, danger
/// and act), beside fastText's command line answering the topic alone.</summary>
internal static class Sorting
{
    private const int Rounds = 3, SecondsEach = 3, FastTextLines = 200_000;

    public static int Run(Options options)
    {
        var seedsFolder = options.Text("seeds", ThisCheckoutsSeeds());
        var clock = Stopwatch.StartNew();
        var sorter = TriageInquiry.Train(seedsFolder, null);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"learning from the seeds {clock.Elapsed.TotalSeconds:F1} s"));
        var seeds = TriageSeeds.Read(seedsFolder);
        var texts = seeds.Messages.Select(m => m.Text).ToArray();
        foreach (var text in texts) sorter.Sort(text, TriageContext.First);
        Print("TuanLink, one thread", Enumerable.Range(0, Rounds).Select(_ => Measure(sorter, texts)).ToArray());
        if (FastText(seeds) is { } rates) Print("fastText, one thread, topic alone", rates);
        else Console.WriteLine("fastText is not installed (apt-get install fasttext)");
        return 0;
    }

    private static string ThisCheckoutsSeeds()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "seeds", "messages"))) return Path.Combine(folder.FullName, "seeds");
        throw new BenchmarkException("No seeds folder above the benchmark; name one with --seeds FOLDER.");
    }

    private static double Measure(TriageInquiry sorter, string[] texts)
    {
        var clock = Stopwatch.StartNew();
        var done = 0;
        while (clock.Elapsed.TotalSeconds < SecondsEach) sorter.Sort(texts[done++ % texts.Length], TriageContext.First);
        return done / clock.Elapsed.TotalSeconds;
    }

    // fastText reads words; hanzi are divided by spaces, and it reads runs of up to two of them, as the sorter does.
    private static double[]? FastText(TriageSeeds seeds)
    {
        var folder = Directory.CreateTempSubdirectory("tuanlink-fasttext-").FullName;
        try
        {
            string In(string name) => Path.Combine(folder, name);
            File.WriteAllLines(In("train"), seeds.Messages.Select(m => $"__label__{m.Topic} {Divided(m.Text)}"));
            File.WriteAllLines(In("texts"), Enumerable.Range(0, FastTextLines)
                .Select(i => Divided(seeds.Messages[i % seeds.Messages.Count].Text)));
            File.WriteAllLines(In("one"), [Divided(seeds.Messages[0].Text)]);
            if (Call("supervised", "-input", In("train"), "-output", In("model"), "-wordNgrams", "2", "-epoch", "25", "-thread", "2") is null)
                return null;
            var loading = Call("predict", In("model.bin"), In("one"))!.Value;
            return [.. Enumerable.Range(0, Rounds).Select(_ =>
                FastTextLines / (Call("predict", In("model.bin"), In("texts"))!.Value - loading).TotalSeconds)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Divided(string text) => string.Join(' ', text.EnumerateRunes());

    // How long one call took; null where there is no fastText.
    private static TimeSpan? Call(params string[] words)
    {
        var start = new ProcessStartInfo("fasttext") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words) start.ArgumentList.Add(word);
        var clock = Stopwatch.StartNew();
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return clock.Elapsed;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static void Print(string what, double[] rates) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {rates.Order().ElementAt(rates.Length / 2):F0} messages/s (median of {rates.Length}: {string.Join(", ", rates.Select(r => r.ToString("F0", CultureInfo.InvariantCulture)))})"));
}
