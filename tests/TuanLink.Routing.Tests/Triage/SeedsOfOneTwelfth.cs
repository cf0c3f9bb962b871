namespace TuanLink.Routing.Tests.Triage;

/// <summary>A folder with every twelfth line of the seeds: learned in a moment, of its own, for tests that spoil or keep something there.</summary>
public sealed class SeedsOfOneTwelfth : IDisposable
{
    public SeedsOfOneTwelfth()
    {
        foreach (var file in Directory.GetFiles(Sorter.SeedsFolder, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".tsv", StringComparison.Ordinal) || f.EndsWith("conversations.jsonl", StringComparison.Ordinal)))
        {
            var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(Sorter.SeedsFolder, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllLines(copy, File.ReadAllLines(file).Where((_, i) => i % 12 == 0));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("tuanlink-seeds-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
