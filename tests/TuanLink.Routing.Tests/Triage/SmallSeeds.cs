namespace TuanLink.Routing.Tests.Triage;

/// <summary>A folder with every twelfth line of the seeds: learned in a moment, for tests that learn again.</summary>
public sealed class SmallSeeds : IDisposable
{
    public SmallSeeds()
    {
        foreach (var file in Directory.GetFiles(Sorter.SeedsFolder, "*.tsv", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(Sorter.SeedsFolder, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllLines(copy, File.ReadAllLines(file).Where((_, i) => i % 12 == 0));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("tuanlink-seeds-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
