using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Responses;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Database;

/// <summary>Everything the service remembers, on SQLite or PostgreSQL. Written only inside <see cref="ITransactions"/>; read anywhere.</summary>
public sealed class RoutingDb(DbContextOptions<RoutingDb> options) : DbContext(options)
{
    public DbSet<Unit> Units => Set<Unit>();
    public DbSet<Duty> Duties => Set<Duty>();
    public DbSet<Handler> Handlers => Set<Handler>();
    public DbSet<Cadre> Cadres => Set<Cadre>();
    public DbSet<Leave> Leaves => Set<Leave>();
    public DbSet<Expert> Experts => Set<Expert>();
    public DbSet<ServiceAlliance> Alliances => Set<ServiceAlliance>();
    public DbSet<AllianceMember> AllianceMembers => Set<AllianceMember>();
    public DbSet<PartnerOrganisation> Organisations => Set<PartnerOrganisation>();
    public DbSet<OrganisationEvent> OrganisationEvents => Set<OrganisationEvent>();
    public DbSet<Youth> Youths => Set<Youth>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<TranscriptEntry> Transcript => Set<TranscriptEntry>();
    public DbSet<ContactLink> ContactLinks => Set<ContactLink>();
    public DbSet<Inquiry> Inquiries => Set<Inquiry>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<Attachment> Attachments => Set<Attachment>();
    public DbSet<AttachmentPart> AttachmentParts => Set<AttachmentPart>();
    public DbSet<Holding> Holdings => Set<Holding>();
    public DbSet<Handoff> Handoffs => Set<Handoff>();
    public DbSet<TimelineEntry> Timeline => Set<TimelineEntry>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<ChaseMark> ChaseMarks => Set<ChaseMark>();
    public DbSet<ConfirmationAsked> Confirmations => Set<ConfirmationAsked>();
    public DbSet<ProblemList> ProblemLists => Set<ProblemList>();
    public DbSet<ProblemEntry> ProblemEntries => Set<ProblemEntry>();
    public DbSet<ProblemEntryInquiry> ProblemEntryInquiries => Set<ProblemEntryInquiry>();
    public DbSet<ClosedRate> ClosedRates => Set<ClosedRate>();
    public DbSet<RateCorrection> RateCorrections => Set<RateCorrection>();
    public DbSet<ReferenceCounter> ReferenceCounters => Set<ReferenceCounter>();
    public DbSet<SortingCorrection> SortingCorrections => Set<SortingCorrection>();
    public DbSet<ModelVersion> ModelVersions => Set<ModelVersion>();
    public DbSet<SecondOpinion> SecondOpinions => Set<SecondOpinion>();
    public DbSet<Setting> Settings => Set<Setting>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        // SQLite can neither filter nor sort a DateTimeOffset: moments are UTC ticks on both engines.
        configuration.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configuration.Properties<List<Topic>>().HaveConversion<TopicList, TopicListComparer>();
        configuration.Properties<List<string>>().HaveConversion<StringList, StringListComparer>();
        configuration.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        Schema.Describe(model);
    }

    private bool? _isPostgres;

    /// <summary>Whether this is PostgreSQL, not SQLite. Asked several times a turn; EF Core finds its provider's name by reflection each time.</summary>
    public bool IsPostgres => _isPostgres ??= Database.IsNpgsql();

    /// <summary>Set on the context of SQLite's one writer: its prepared statements.</summary>
    internal SqliteLane? Lane { get; set; }

    /// <summary>How busy everybody is, as read in this transaction; claims keep it true. None until asked for.</summary>
    internal Dictionary<long, Load>? Loads { get; set; }

    /// <summary>What this transaction writes last. None where there is nothing, and on SQLite.</summary>
    internal IWrittenLast? WrittenLast { get; set; }

    /// <summary>The ids this transaction has taken from PostgreSQL's sequence and not given yet.</summary>
    internal long NextFreeId { get; set; }
    internal int IdsLeft { get; set; }

    private readonly List<(RowShape Shape, object Row)> _appended = [];
    private List<OwedWords> _owed = [];
    private RowIds? _ids;

    /// <summary>The words owed in this transaction so far, in order.</summary>
    public IReadOnlyList<OwedWords> Owed => _owed;

    /// <summary>Adds a row that nobody changes any more once it is saved; so it need not be watched for changes.</summary>
    public void Append<T>(T row) where T : class
    {
        if (Lane is null)
        {
            Add(row);
            return;
        }
        RowShape shape = RowShape.Of(Model.FindEntityType(typeof(T))!);
        shape.GiveId(row, NextId(shape.Table));
        _appended.Add((shape, row));
    }

    internal void Owe(OutboxMessage message, Conversation to)
    {
        Append(message);
        _owed.Add(new(message, to));
    }

    /// <summary>Ends one piece of work: what it owes, and nothing of it is remembered.</summary>
    internal List<OwedWords> Finish()
    {
        List<OwedWords> owed = _owed;
        _owed = [];
        _appended.Clear();
        ChangeTracker.Clear();
        WrittenLast = null;
        IdsLeft = 0;
        owed.RemoveAll(o => o.Message.State != Delivery.Queued);
        return owed;
    }

    internal long NextId(string table) => (_ids ??= this.GetService<RowIds>()).Next(this, table);

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        ChangeTracker.DetectChanges();
        bool detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            foreach (EntityEntry entry in ChangeTracker.Entries())
            {
                if (entry is { State: EntityState.Modified, Entity: Inquiry inquiry })
                {
                    inquiry.Version++;
                    entry.DetectChanges();
                }
                // Whoever was added or changed here may be free or full now.
                if (entry is { State: EntityState.Added or EntityState.Modified, Entity: Handler })
                    Loads = null;
            }
            if (Lane is not { } lane)
                return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            foreach ((RowShape shape, object row) in _appended)
                RowWriter.Insert(shape, row, lane);
            _appended.Clear();
            return RowWriter.TrySave(this, lane) is { } saved
                ? Task.FromResult(saved)
                : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private sealed class TopicList() : ValueConverter<List<Topic>, string>(
        topics => string.Join(',', topics),
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Topic>).ToList());

    private sealed class TopicListComparer() : ValueComparer<List<Topic>>(
        (a, b) => a == b || (a != null && b != null && a.SequenceEqual(b)),
        list => list.Aggregate(0, (hash, topic) => HashCode.Combine(hash, topic)),
        list => list.ToList());

    private sealed class StringList() : ValueConverter<List<string>, string>(
        list => string.Join(',', list),
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList());

    private sealed class StringListComparer() : ValueComparer<List<string>>(
        (a, b) => a == b || (a != null && b != null && a.SequenceEqual(b)),
        list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, string.GetHashCode(item, StringComparison.Ordinal))),
        list => list.ToList());
}

/// <summary>How the references of a day are numbered (<see cref="Inquiries.References"/>).</summary>
public sealed class ReferenceCounter
{
    /// <summary>The day in Shanghai, yyMMdd.</summary>
    public required string Day { get; set; }

    /// <summary>On SQLite the last number given; on PostgreSQL what the sequence stood at when the day began.</summary>
    public int Next { get; set; }
}

/// <summary>A small thing the service remembers about itself, e.g. how far the development clock was moved.</summary>
public sealed class Setting
{
    public required string Name { get; set; }
    public required string Value { get; set; }
}
