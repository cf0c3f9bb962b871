using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Tests.Database;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Tests;

/// <summary>
/// A small League office on a real database: a city with a district below it, a few cadres and an expert, the domain's own services,
/// and a clock moved by hand. Tests speak in its intents.
/// </summary>
public sealed class Office : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;
    private int _youths;
    private IReadOnlyDictionary<string, string?>? _settings;

    public FakeClock Clock { get; }
    public Unit City { get; private set; } = null!;
    public Unit District { get; private set; } = null!;
    public Cadre Wang { get; private set; } = null!;
    public Cadre Li { get; private set; } = null!;
    public Cadre Desk { get; private set; } = null!;
    public Cadre Responder { get; private set; } = null!;
    public Cadre Leader { get; private set; } = null!;
    public Cadre Administrator { get; private set; } = null!;
    public Expert Lawyer { get; private set; } = null!;
    public DateTimeOffset Now => Clock.GetUtcNow();

    private Office(ServiceProvider services, string folder, FakeClock clock) => (_services, _folder, Clock) = (services, folder, clock);

    /// <param name="at">The moment in Shanghai at which the office opens; a Wednesday morning unless said.</param>
    public static async Task<Office> Open(string at = "2026-11-18 09:00", Engine engine = Engine.Sqlite, string? folder = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var clock = new FakeClock(FakeClock.China(at));
        bool isNew = folder is null;
        folder ??= Directory.CreateTempSubdirectory("tuanlink-test-").FullName;
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["Database:Folder"] = folder, ["Database:Engine"] = engine.ToString() };
        if (engine == Engine.Postgres)
            all["Database:ConnectionString"] = await PostgresServer.NewDatabaseAsync();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        services.AddSingleton<TimeProvider>(clock);
        services.AddLogging();
        services.AddInquiryRouting();
        var office = new Office(services.BuildServiceProvider(), folder, clock) { _settings = settings };
        await office._services.MigrateRoutingDatabase(CancellationToken.None);
        if (isNew || engine == Engine.Postgres)
            await office.Staff();
        else
            await office.Recognise();
        return office;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<T> Do<T>(Func<RoutingDb, Task<T>> work) => Get<ITransactions>().Run((db, _) => work(db), CancellationToken.None);
    public Task Do(Func<RoutingDb, Task> work) => Get<ITransactions>().Run((db, _) => work(db), CancellationToken.None);

    public async Task<T> See<T>(Func<RoutingDb, Task<T>> look)
    {
        await using RoutingDb db = await Get<IDbContextFactory<RoutingDb>>().CreateDbContextAsync();
        return await look(db);
    }

    /// <summary>A youth writes; the words become an inquiry sorted as given.</summary>
    public async Task<Inquiry> Receive(string words = "咨询一下怎么报名", Topic topic = Topic.LeagueAffairs, InquiryKind kind = InquiryKind.Consultation,
        Risk risk = Risk.None, Urgency urgency = Urgency.Routine, Cadre? linkedTo = null, bool unsure = false)
    {
        int number = Interlocked.Increment(ref _youths);
        return await Do(async db =>
        {
            var youth = new Youth { Pseudonym = $"青年-{number}", CreatedAt = Now };
            db.Youths.Add(youth);
            await db.SaveChangesAsync();
            if (linkedTo is not null)
                db.ContactLinks.Add(new ContactLink { CadreId = linkedTo.Id, YouthId = youth.Id, Since = Now.AddDays(-10) });
            var conversation = new Conversation { YouthId = youth.Id, Channel = "test", ChannelConversationId = $"c{number}", LastInboundAt = Now };
            db.Conversations.Add(conversation);
            await db.SaveChangesAsync();
            Message message = db.Messages.Add(new Message { ConversationId = conversation.Id, Author = Author.Youth, Text = words, At = Now, ActivityId = "1" }).Entity;
            return await Get<InquiryDesk>().Open(db, conversation, youth, message, Verdict(topic, kind, risk, urgency, unsure), Now, CancellationToken.None);
        });
    }

    public static Verdict Verdict(Topic topic, InquiryKind kind = InquiryKind.Consultation, Risk risk = Risk.None, Urgency urgency = Urgency.Routine, bool unsure = false) => new()
    {
        Topic = topic, TopicProbability = unsure ? 0.3 : 0.95, Alternatives = [], Kind = kind, KindProbability = 0.9,
        Urgency = risk == Risk.Crisis ? Urgency.Crisis : risk == Risk.Concern && urgency == Urgency.Routine ? Urgency.Priority : urgency,
        Category = ProblemCategory.Difficulty, Risk = risk, RiskType = risk == Risk.None ? RiskType.None : RiskType.SelfHarm, AboutSomeoneElse = false,
        Evidence = [], NeedsHuman = unsure, Act = ConversationAct.Inquiry, ActProbability = 1, Relation = TurnRelation.Unsure,
    };

    /// <summary>More words of the same youth on the same matter.</summary>
    public Task FollowUp(long inquiryId, string words, Risk risk = Risk.None) => Do(async db =>
    {
        Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == inquiryId);
        Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId);
        Message message = db.Messages.Add(new Message { ConversationId = conversation.Id, Author = Author.Youth, Text = words, At = Now }).Entity;
        await Get<InquiryDesk>().FollowUp(db, conversation, inquiry, message, Verdict(inquiry.Topic, risk: risk), Now, CancellationToken.None);
    });

    /// <summary>The handler answers; the words are only owed.</summary>
    public async Task<ResponseSent> Reply(long inquiryId, string words = "可以的，周三下午带身份证到区政务大厅二楼团委窗口办，电话 0000-1234。", Cadre? by = null, bool anyway = false)
    {
        Inquiry inquiry = await Inquiry(inquiryId);
        return await Do(db => Get<RecordResponse>().Send(db, inquiryId, by?.Id ?? inquiry.HandlerId, words, anyway, Now, CancellationToken.None));
    }

    /// <summary>The channel takes everything that is owed.</summary>
    public Task DeliverAll() => Do(async db =>
    {
        foreach (OutboxMessage owed in await db.Outbox.Where(o => o.State == Delivery.Queued).OrderBy(o => o.Id).ToListAsync())
            await Get<RecordDelivery>().Arrived(db, owed, Now, CancellationToken.None);
    });

    public async Task Answer(long inquiryId)
    {
        await Reply(inquiryId);
        await DeliverAll();
    }

    public Task Confirm(long inquiryId, Outcome outcome) => Do(async db =>
    {
        Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == inquiryId);
        Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId);
        await Get<RecordConfirmation>().Say(db, conversation, inquiry, outcome, Now, CancellationToken.None);
    });

    public Task<Inquiry> Inquiry(long id) => See(db => db.Inquiries.AsNoTracking().SingleAsync(i => i.Id == id));
    public Task<List<string>> Steps(long id) => See(db => db.ChaseMarks.Where(m => m.InquiryId == id).OrderBy(m => m.Id).Select(m => m.Step).ToListAsync());
    public Task<List<string>> Story(long id) => See(db => db.Timeline.Where(t => t.InquiryId == id).OrderBy(t => t.Id).Select(t => t.Text).ToListAsync());
    public Task<List<string>> Told(Cadre who) => See(db => db.Notices.Where(n => n.HandlerId == who.Id).OrderBy(n => n.Id).Select(n => n.Text).ToListAsync());
    public Task<List<string>> SaidTo(long conversationId) => See(db => db.Outbox.Where(o => o.ConversationId == conversationId).OrderBy(o => o.Id).Select(o => o.Text).ToListAsync());

    /// <summary>The same data on a service started anew.</summary>
    public async Task<Office> Restart()
    {
        await _services.DisposeAsync();
        Office again = await Open(folder: _folder, settings: _settings);
        again.Clock.MoveTo(Clock.GetUtcNow());
        return again;
    }

    private Task Staff() => Do(async db =>
    {
        City = await AddUnit(db, "CITY", "共青团试验市委", UnitKind.City, "试验市", null);
        District = await AddUnit(db, "EAST", "共青团东区委", UnitKind.County, "东区", City);
        Wang = Add(db, "C1", "王小明", City);
        Li = Add(db, "C2", "李思雨", City);
        Desk = Add(db, "C3", "赵值班", City, onDuty: false);
        Responder = Add(db, "C4", "钱守夜", City, onDuty: true, topics: [Topic.Other]);
        Leader = Add(db, "C5", "孙书记", City, onDuty: false);
        Administrator = Add(db, "C6", "周管理", City, onDuty: false);
        Lawyer = new Expert { Code = "E1", Name = "吴律师", Title = "律师", PublicName = "专家 吴律师（律师）", Capacity = 3, Topics = [Topic.Rights] };
        db.Experts.Add(Lawyer);
        await db.SaveChangesAsync();
        foreach ((Cadre cadre, DutyRole role) in new[] { (Desk, DutyRole.DutyDesk), (Responder, DutyRole.CrisisResponder), (Leader, DutyRole.Leader), (Administrator, DutyRole.Administrator) })
            db.Duties.Add(new Duty { UnitId = City.Id, CadreId = cadre.Id, Role = role, Rank = 1 });
        var alliance = new ServiceAlliance { Code = "A1", Name = "试验市权益联盟", Topic = Topic.Rights, Region = "试验市" };
        db.Alliances.Add(alliance);
        await db.SaveChangesAsync();
        db.AllianceMembers.Add(new AllianceMember { AllianceId = alliance.Id, ExpertId = Lawyer.Id });
    });

    private async Task Recognise()
    {
        City = await See(db => db.Units.SingleAsync(u => u.Code == "CITY"));
        District = await See(db => db.Units.SingleAsync(u => u.Code == "EAST"));
        Dictionary<string, Cadre> cadres = await See(db => db.Cadres.ToDictionaryAsync(c => c.Code));
        (Wang, Li, Desk, Responder, Leader, Administrator) = (cadres["C1"], cadres["C2"], cadres["C3"], cadres["C4"], cadres["C5"], cadres["C6"]);
        Lawyer = await See(db => db.Experts.SingleAsync());
    }

    private static async Task<Unit> AddUnit(RoutingDb db, string code, string name, UnitKind kind, string region, Unit? parent)
    {
        var unit = new Unit { Code = code, Name = name, Kind = kind, Region = region, ParentId = parent?.Id };
        db.Units.Add(unit);
        await db.SaveChangesAsync();
        unit.Path = $"{parent?.Path ?? "/"}{unit.Id}/";
        return unit;
    }

    private static Cadre Add(RoutingDb db, string code, string name, Unit unit, bool onDuty = true, List<Topic>? topics = null)
    {
        var cadre = new Cadre { Code = code, Name = name, UnitId = unit.Id, PublicName = $"{unit.Name} {name}", Capacity = 3, OnDuty = onDuty, Topics = topics ?? [] };
        db.Cadres.Add(cadre);
        return cadre;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
