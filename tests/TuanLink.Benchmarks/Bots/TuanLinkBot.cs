namespace TuanLink.Benchmarks.Bots;

/// <summary>TuanLink as it is built, on a data folder of its own.</summary>
internal sealed class TuanLinkBot(Options options, Workplace workplace, string serviceUrl)
{
    private readonly Uri address = BotProcess.FreeAddress();
    private readonly Uri admin = BotProcess.FreeAddress();

    /// <summary>Where its data lies, from start to start.</summary>
    public string DataFolder { get; } = Directory.CreateDirectory(workplace.PathOf("data")).FullName;

    public BotProcess Start()
    {
        var assembly = Path.GetFullPath(options.Text("bot", DefaultAssembly()));
        if (!File.Exists(assembly))
            throw new BenchmarkException($"{assembly} is missing: dotnet build -c Release TuanLink.sln");
        return BotProcess.Start(["dotnet", assembly], Settings(), workplace.Root, address, workplace.PathOf("tuanlink.log"));
    }

    /// <summary>The settings a measurement runs with: its own ports and folder, the demo city, replies to the sink allowed.</summary>
    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["Bot__Url"] = address.ToString().TrimEnd('/'),
            ["Admin__Url"] = admin.ToString().TrimEnd('/'),
            ["Database__Folder"] = DataFolder,
            ["Bot__AllowedServiceUrls__0"] = serviceUrl,
            ["Logging__LogLevel__Default"] = "Warning",
            ["DOTNET_ENVIRONMENT"] = "Production",
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return settings;
    }

    private static string DefaultAssembly() =>
        Path.Combine(Workplace.Checkout, "src", "TuanLink.Bot", "bin", "Release", "net10.0", "TuanLink.Bot.dll");
}
