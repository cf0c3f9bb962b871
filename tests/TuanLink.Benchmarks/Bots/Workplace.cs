namespace TuanLink.Benchmarks.Bots;

/// <summary>A temporary directory for data and logs, and the places of this checkout.</summary>
internal sealed class Workplace(bool keep) : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("tuanlink-benchmark-").FullName;

    /// <summary>The directory that holds TuanLink.sln.</summary>
    /// <exception cref="BenchmarkException">The benchmarks do not run from a checkout.</exception>
    public static string Checkout { get; } = FindCheckout();

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Dispose()
    {
        if (keep)
            Console.WriteLine($"Kept: {Root}");
        else
            Directory.Delete(Root, recursive: true);
    }

    private static string FindCheckout()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Directory.Packages.props")))
                return at.FullName;
        throw new BenchmarkException("Run the benchmarks from a checkout of TuanLink.");
    }
}
