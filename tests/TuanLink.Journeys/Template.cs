using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TuanLink.Admin.SignIn;
using TuanLink.Bot;
using TuanLink.Routing.Imports;

namespace TuanLink.Journeys;

/// <summary>
/// What is the same for every journey, made once a run: a learned sorter, and a data folder with the demo city's people and its sign-ins
/// but no stories. A journey begins with a copy of its own, so that none sees another's words.
/// </summary>
public static class Template
{
    private static readonly Lazy<Task<string>> Made = new(Make);

    private static readonly string Run = Directory.CreateTempSubdirectory("tuanlink-journeys-").FullName;

    /// <summary>The one folder of the learned sorter, for all services and, while neither seeds nor code change, for all runs.</summary>
    public static string Models { get; } = Path.Combine(AppContext.BaseDirectory, "learned");

    static Template() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Directory.Exists(Run))
            Directory.Delete(Run, recursive: true);
    };

    /// <summary>A data folder of one's own.</summary>
    public static async Task<string> Copy()
    {
        string from = await Made.Value;
        string to = NewFolder();
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }

    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Run, Guid.NewGuid().ToString("N")[..12])).FullName;

    private static async Task<string> Make()
    {
        string folder = NewFolder();
        await using (WebApplication app = Service.Build(["--environment", "Development"], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Database:Folder"] = folder, ["Triage:ModelFolder"] = Models, ["Demo:Load"] = "false", ["Jobs:OnlyByHand"] = "true",
            });
            builder.Services.AddKeyedSingleton<TimeProvider>("system", new FakeClock(FakeClock.Morning));
        }))
        {
            await Service.Prepare(app, CancellationToken.None);
            await Populate(app);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        return folder;
    }

    /// <summary>The demo city's people and its sign-ins.</summary>
    public static async Task Populate(WebApplication app)
    {
        await app.Services.GetRequiredService<ImportCity>().Import(Path.Combine(AppContext.BaseDirectory, "seeds", "city"), CancellationToken.None);
        await app.Services.GetRequiredService<DemoAccounts>().EnsureMade(CancellationToken.None);
    }
}
