namespace TuanLink.Routing.Tests.Triage;

/// <summary>A part of the real seeds, so that a sorter is learned in a second: every twentieth message, every fourth danger.</summary>
public static class SmallSeeds
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>The folder, made once for the test process.</summary>
    public static string Folder => Made.Value;

    public static IReadOnlyDictionary<string, string?> Settings(params (string Key, string Value)[] more)
    {
        var all = new Dictionary<string, string?> { ["Database:Seeds"] = Folder };
        foreach ((string key, string value) in more)
            all[key] = value;
        return all;
    }

    private static string Make()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "seeds"), folder = Directory.CreateTempSubdirectory("tuanlink-seeds-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(source, file), target = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            int every = name.StartsWith("messages", StringComparison.Ordinal) || name.StartsWith("acts", StringComparison.Ordinal) ? 20
                : name.StartsWith("danger", StringComparison.Ordinal) ? 8 : 1;
            // Line 1 is the header of every file.
            File.WriteAllLines(target, File.ReadAllLines(file).Where((_, i) => i == 0 || i % every == 1 || every == 1));
        }
        return folder;
    }
}
