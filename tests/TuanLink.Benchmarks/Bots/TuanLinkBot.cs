using System.Diagnostics;
using System.Globalization;

namespace TuanLink.Benchmarks.Bots;

/// <summary>TuanLink as it is built, on a data folder of its own.</summary>
internal sealed class TuanLinkBot(Options options, Workplace workplace)
{
    private readonly Uri admin = BotProcess.FreeAddress();

    /// <summary>Where it listens, from start to start.</summary>
    public Uri Address { get; } = BotProcess.FreeAddress();

    /// <summary>Where its data lies, from start to start.</summary>
    public string DataFolder { get; } = Directory.CreateDirectory(workplace.PathOf("data")).FullName;

    public BotProcess Start()
    {
        var assembly = Path.GetFullPath(options.Text("bot", DefaultAssembly()));
        if (!File.Exists(assembly))
            throw new BenchmarkException($"{assembly} is missing: dotnet build -c Release TuanLink.sln");
        // An empty folder has nobody to answer: the demo city is imported, without its stories.
        if (!File.Exists(Path.Combine(DataFolder, "tuanlink.db")))
            Import(assembly);
        return BotProcess.Start(["dotnet", assembly], Settings(), workplace.Root, Address, workplace.PathOf("tuanlink.log"));
    }

    /// <summary>The settings a measurement runs with: its own ports and folder, the demo city, replies to the sink allowed.</summary>
    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["Service__BotAddress"] = Address.Host,
            ["Service__BotPort"] = Address.Port.ToString(CultureInfo.InvariantCulture),
            ["Service__AdminPort"] = admin.Port.ToString(CultureInfo.InvariantCulture),
            ["Database__Folder"] = DataFolder,
            ["Logging__LogLevel__Default"] = "Warning",
            ["DOTNET_ENVIRONMENT"] = "Production",
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return settings;
    }

    private void Import(string assembly)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string word in (string[])[assembly, "import", Path.Combine(Workplace.Checkout, "seeds", "city"), $"Database:Folder={DataFolder}"])
            start.ArgumentList.Add(word);
        using Process import = Process.Start(start)!;
        // Read to its end: a talkative import would wait for ever for room.
        import.StandardOutput.ReadToEnd();
        import.WaitForExit();
        if (import.ExitCode != 0)
            throw new BenchmarkException("The demo city could not be imported.");
    }

    private static string DefaultAssembly() =>
        Path.Combine(Workplace.Checkout, "src", "TuanLink.Bot", "bin", "Release", "net10.0", "TuanLink.Bot.dll");
}
