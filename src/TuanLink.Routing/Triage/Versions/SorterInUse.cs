using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>
/// The sorter that sorts now. Another version takes its place between two messages: whoever is sorting finishes with the one they began
/// with. Which version that is stands in the database, so that every node comes to the same.
/// </summary>
public sealed class SorterInUse
{
    /// <summary>The setting that holds the version in use; none means the seeds alone.</summary>
    public const string SettingName = "sorter_version";

    private readonly IDbContextFactory<RoutingDb> _databases;
    private readonly DatabaseOptions _database;
    private readonly TriageSettings _settings;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Lazy<TriageSeeds> _seeds;
    private readonly Lazy<TriageInquiry> _fromSeeds;
    private volatile InUse? _inUse;

    private sealed record InUse(long Version, string ContentHash, TaughtSorter Sorter);

    public SorterInUse(IDbContextFactory<RoutingDb> databases, IOptions<DatabaseOptions> database, IOptions<TriageSettings> settings, IOptions<TriageOptions> options)
    {
        string folder = options.Value.ModelFolder.Length > 0 ? options.Value.ModelFolder : database.Value.Folder;
        (_databases, _database, _settings) = (databases, database.Value, settings.Value);
        _seeds = new(() => TriageSeeds.Read(_database.SeedsFolder));
        _fromSeeds = new(() => TriageInquiry.Train(_database.SeedsFolder, folder, _settings));
    }

    /// <summary>The version that sorts now; 0 is what the seeds alone teach.</summary>
    public long Version => _inUse?.Version ?? 0;

    public TriageSeeds Seeds => _seeds.Value;
    public TriageSettings Settings => _settings;

    /// <summary>Reads what a message tells by itself. That is most of sorting it, and can be done before its turn comes.</summary>
    public Func<TriageContext, Verdict> Read(string text)
    {
        if (_inUse is not { } learned)
            return _fromSeeds.Value.Read(text);
        Func<TriageContext, Verdict> read = learned.Sorter.Read(text);
        return context => read(context) with { ModelVersion = learned.Version };
    }

    /// <summary>Sorts one message.</summary>
    public Verdict Sort(string text, TriageContext context) =>
        _inUse is { } learned ? learned.Sorter.Sort(text, context) with { ModelVersion = learned.Version } : _fromSeeds.Value.Sort(text, context);

    /// <summary>The expressions of a text that speak for a topic, strongest first.</summary>
    public IReadOnlyList<string> WhyTopic(string text, Topic topic) => 
        _inUse is { } learned ? learned.Sorter.WhyTopic(text, topic) : _fromSeeds.Value.WhyTopic(text, topic);

    /// <summary>Learns from the seeds, or loads what was learned from them: done at start, so that no message waits for it.</summary>
    public void Begin() => _ = _fromSeeds.Value;

    /// <summary>Takes up the version the database names, if it is another one. Loads it, or learns it again where its file is missing.</summary>
    /// <returns>Whether another version sorts now.</returns>
    public async Task<bool> TakeUp(CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            await using RoutingDb db = await _databases.CreateDbContextAsync(cancel);
            long wanted = await NamedIn(db, cancel);
            if (wanted == Version)
                return false;
            // A version nobody knows (a database restored from an older copy) leaves what sorts now.
            if (wanted == 0)
                _inUse = null;
            else if (await db.ModelVersions.AsNoTracking().FirstOrDefaultAsync(v => v.Id == wanted, cancel) is { } version)
                _inUse = Named(version, await LessonsOf(db, version, cancel));
            else
                return false;
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Lets go of what erased youths' words taught: files that no version's remaining lessons give are removed, and the version in
    /// use is learned again from what remains.</summary>
    public async Task ForgetErased(CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            await using RoutingDb db = await _databases.CreateDbContextAsync(cancel);
            var kept = new HashSet<string>(StringComparer.Ordinal);
            foreach (ModelVersion version in await db.ModelVersions.AsNoTracking().Where(v => v.Judgement == Judgement.Promoted).ToListAsync(cancel))
            {
                IReadOnlyList<CorrectedMessage> lessons = await LessonsOf(db, version, cancel);
                string hash = Seeds.TaughtBy(lessons).ContentHash;
                kept.Add(FolderOf(Seeds.TaughtBy(TaughtSorter.Sorting(lessons)).ContentHash));
                kept.Add(FolderOf(Seeds.TaughtBy(TaughtSorter.Dangers(lessons)).ContentHash));
                if (_inUse is { } now && now.Version == version.Id && now.ContentHash != hash)
                    _inUse = Named(version, lessons);
            }
            if (Directory.Exists(Models))
                foreach (string folder in Directory.GetDirectories(Models).Where(f => !kept.Contains(f)))
                    Directory.Delete(folder, recursive: true);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The version the database names.</summary>
    internal static async Task<long> NamedIn(RoutingDb db, CancellationToken cancel) =>
        await db.Settings.AsNoTracking().FirstOrDefaultAsync(s => s.Name == SettingName, cancel) is { } named
        && long.TryParse(named.Value, out long id) ? id : 0;

    /// <summary>The sorter of the seeds and some lessons: from its files, or learned now and kept.</summary>
    internal TaughtSorter Learned(IReadOnlyList<CorrectedMessage> lessons) => new(_fromSeeds.Value, lessons, part =>
    {
        TriageSeeds taught = Seeds.TaughtBy(part);
        return TriageInquiry.Train(taught, _settings, FolderOf(taught.ContentHash));
    });

    private InUse Named(ModelVersion version, IReadOnlyList<CorrectedMessage> lessons) => new(version.Id, Seeds.TaughtBy(lessons).ContentHash, Learned(lessons));

    private string Models => Path.Combine(_database.Folder, "models");

    private string FolderOf(string contentHash) => Path.Combine(Models, contentHash[..16]);

    /// <summary>The lessons a version was taught, as far as they were not erased since.</summary>
    internal static async Task<IReadOnlyList<CorrectedMessage>> LessonsOf(RoutingDb db, ModelVersion version, CancellationToken cancel) =>
        // How many of one person count was settled when it was taught.
        CorrectionLessons.From(await CorrectionLessons.Read(db, [.. version.LessonIds], cancel), int.MaxValue).Taught;
}
