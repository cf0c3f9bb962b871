using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Admin.Triage;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Admin.Inquiries;

/// <summary>One line of a conversation as the item page shows it.</summary>
public sealed record Line(DateTimeOffset At, string Kind, string By, string Text, Message? Message, OutboxMessage? Owed)
{
    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<Attachment> Files { get; init; } = [];
}

/// <summary>One inquiry: its words, its clock, what happened, and everything its handlers can do. What the viewer may not read is not there.</summary>
[RequestSizeLimit(LargestForm), RequestFormLimits(MultipartBodyLengthLimit = LargestForm)]
public sealed class ItemModel : AdminPage
{
    /// <summary>In bytes. Far more than what is taken: of files that are too large each is named, and the words go out.</summary>
    private const int LargestForm = 128 * 1024 * 1024;

    [FromRoute(Name = "reference")] public string Reference { get; set; } = "";
    [BindProperty] public string? Text { get; set; }

    /// <summary>What goes with a reply.</summary>
    [BindProperty] public List<IFormFile> Files { get; set; } = [];

    public Inquiry Inquiry { get; private set; } = null!;
    public Youth Youth { get; private set; } = null!;
    public List<Line> Talk { get; private set; } = [];
    /// <summary>How the files of handlers fared on their way, by the file's id.</summary>
    public Dictionary<long, OutboxMessage> FilesOwed { get; private set; } = [];
    public List<TimelineEntry> Timeline { get; private set; } = [];
    public List<Holding> Holdings { get; private set; } = [];
    /// <summary>Why it was sorted so.</summary>
    public Explanation Why { get; private set; } = null!;
    /// <summary>What a language model makes of it in one line; empty where the office uses none.</summary>
    public string Summary { get; private set; } = "";
    public Handoff? Offer { get; private set; }
    public List<(string Group, List<(long Id, string Label)> People)> Receivers { get; private set; } = [];
    public string? Warning { get; private set; }
    /// <summary>Whether files were chosen for words that did not go out: no page can put them into its form again.</summary>
    public bool MustChooseAgain => Files.Count > 0 && (Warning is not null || IsRefused("Reply"));
    public bool IsHandler => Viewer.HandlerId is { } self && (Inquiry.HandlerId == self || Inquiry.OwnerId == self);
    public bool IsCadre => Viewer.HandlerId is { } self && Roster.FindCadre(self) is not null;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next) =>
        await base.OnPageHandlerExecutionAsync(context, async () =>
        {
            // Whoever may not read it is told that it is not there: that a complaint exists is itself a secret.
            if (!References.IsValid(Reference) || await Db.Inquiries.ReadableBy(Db, Viewer).FirstOrDefaultAsync(i => i.Reference == Reference, Cancel) is not { } found)
            {
                context.Result = new NotFoundResult();
                return new PageHandlerExecutedContext(PageContext, [], context.HandlerMethod!, this) { Result = context.Result };
            }
            Inquiry = found;
            return await next();
        });

    public Task OnGetAsync() => Load();

    public async Task<IActionResult> OnPostReplyAsync(bool anyway)
    {
        ResponseSent? sent = null;
        bool done = await Try(async (db, cancel) => sent = await Service<RecordResponse>().Send(db, Inquiry.Id, Self, Text ?? "", anyway, Now, cancel), "已发出；送达后停止计时。");
        // Nothing was sent: the words stay in the form.
        if (done && sent!.Warning is not null)
            (Done, Warning, done) = (null, sent.Warning, false);
        // The words are owed by now, whatever becomes of the files.
        else if (done && Files.Count > 0)
            await Attach(sent!.Message!);
        return await Back(done);
    }

    private async Task Attach(Message reply)
    {
        IReadOnlyList<NotAttached> failed = await Service<AttachToReply>().Attach(reply.Id, Self, Viewer.Name, [.. Files.Select(f => new GivenFile(f.FileName, f.OpenReadStream))], CancellationToken.None);
        if (failed.Count > 0)
            Refused = $"文字已发出，有附件没附上：{string.Join('、', failed.Select(f => f.InWords))}。";
    }

    public async Task<IActionResult> OnPostNoteAsync() =>
        await Back(await Try((db, cancel) => Service<WriteNote>().Write(db, Inquiry.Id, Self, Text ?? "", Now, cancel), "备注已保存，青年看不到。"));

    public async Task<IActionResult> OnPostTransferAsync(long to, string? reason) =>
        await Back(await Try((db, cancel) => Service<TransferInquiry>().Offer(db, Inquiry.Id, Self, to, reason ?? "", Now, cancel), "已发出请求，对方接受后才会转过去，计时不停。"));

    public async Task<IActionResult> OnPostCorrectAsync(Topic? topic, InquiryKind? kind, Urgency? urgency, ProblemCategory? category, Risk? risk, string? reason) =>
        topic is null ? BadRequest() : await Back(await Try(async (db, cancel) => await Service<CorrectSorting>().Correct(db, await Tracked(db, cancel), Self,
            new Correction(topic, kind, urgency, category, risk, reason ?? ""), Now, cancel), "分类已更新。"));

    public async Task<IActionResult> OnPostAcknowledgeAsync() =>
        await Back(await Try((db, cancel) => Service<HandleCrisis>().Acknowledge(db, Inquiry.Id, Self, Now, cancel), "已确认接手，停止逐级呼叫。请马上联系青年。"));

    public async Task<IActionResult> OnPostContactAsync(string? outcome, string? followUp) =>
        await Back(await Try((db, cancel) => Service<HandleCrisis>().RecordContact(db, Inquiry.Id, Self, outcome ?? "",
            Moment(followUp) is { Year: > 2000 and < 2200 } at ? new DateTimeOffset(at, ChinaTime.Offset).ToUniversalTime() : Now, Now, cancel), "联系结果已记录，请另一名干部签字。"));

    public async Task<IActionResult> OnPostSignOffAsync() =>
        await Back(await Try((db, cancel) => Service<HandleCrisis>().SignOff(db, Inquiry.Id, Self, Now, cancel), "已签字。"));

    public async Task<IActionResult> OnPostDismissAsync(long second, string? reason) =>
        await Back(await Try(async (db, cancel) =>
        {
            await EndInquiry.Dismiss(db, Service<Wording>(), await Tracked(db, cancel), Self, second, reason ?? "", Now, cancel);
            db.Audit.Add(new AuditEntry { At = Now, Actor = Viewer.Name, Action = "排除诉求", Subject = Inquiry.Reference, Detail = $"第二人 {NameOf(second)}" });
        }, "已按垃圾或辱骂信息处理，单独统计。"));

    public async Task<IActionResult> OnPostResendAsync(long id)
    {
        bool own = await Db.Outbox.AnyAsync(o => o.Id == id && o.InquiryId == Inquiry.Id, Cancel);
        return own ? await Back(await Try((db, cancel) => Service<RecordDelivery>().Resend(db, id, Now, cancel), "已重新排队发送。")) : NotFound();
    }

    // What was refused is shown with the words still in their form.
    private async Task<IActionResult> Back(bool done)
    {
        if (done)
            return Redirect($"/inquiries/{Reference}");
        await Load();
        return Again();
    }

    private async Task<Inquiry> Tracked(RoutingDb db, CancellationToken cancel) => await db.Inquiries.SingleAsync(i => i.Id == Inquiry.Id, cancel);

    private async Task Load()
    {
        Youth = await Db.Youths.SingleAsync(y => y.Id == Inquiry.YouthId, Cancel);
        List<Message> messages = await Db.Messages.Where(m => m.InquiryId == Inquiry.Id).OrderBy(m => m.Id).ToListAsync(Cancel);
        Why = Explanation.Of(Service<SorterInUse>(), Inquiry, messages.Find(m => m.Author == Author.Youth && m.Text.Length > 0)?.Text ?? "");
        Summary = await Db.SecondOpinions.Where(o => o.InquiryId == Inquiry.Id && o.State == OpinionState.Given).Select(o => o.Summary).FirstOrDefaultAsync(Cancel) ?? "";
        List<OutboxMessage> owed = await Db.Outbox.Where(o => o.InquiryId == Inquiry.Id).OrderBy(o => o.Id).ToListAsync(Cancel);
        Dictionary<long, OutboxMessage> carried = owed.Where(o => o.MessageId is not null).ToDictionary(o => o.MessageId!.Value);
        FilesOwed = owed.Where(o => o.AttachmentId is not null).ToDictionary(o => o.AttachmentId!.Value);
        ILookup<long, Attachment> files = await FileList.Of(Db, [Inquiry.Id], Cancel);
        Talk = [.. messages.Select(m => new Line(m.At,
                m.IsPrivateNote ? "note" : m.Author == Author.Youth ? "youth" : "handler",
                m.Author == Author.Youth ? Youth.Pseudonym : NameOf(m.HandlerId ?? 0), m.Text, m, carried.GetValueOrDefault(m.Id)) { Files = [.. files[m.Id]] })
            .Concat(owed.Where(o => o.MessageId is null && o.AttachmentId is null && o.Replaces is null).Select(o => new Line(o.CreatedAt, "bot", "自动回复", o.Text, null, o)))
            .OrderBy(l => l.At)];
        Timeline = await Db.Timeline.Where(t => t.InquiryId == Inquiry.Id).OrderByDescending(t => t.At).ThenByDescending(t => t.Id).ToListAsync(Cancel);
        Holdings = await Db.Holdings.Where(h => h.InquiryId == Inquiry.Id).OrderBy(h => h.From).ToListAsync(Cancel);
        Offer = await Db.Handoffs.FirstOrDefaultAsync(h => h.InquiryId == Inquiry.Id && h.Outcome == HandoffOutcome.Pending, Cancel);
        if (Inquiry.IsOpen && Viewer.HandlerId is not null)
            Receivers = await Possible();
        if (Viewer.HandlerId is { } self)
            await Service<ITransactions>().Run((db, cancel) => db.Notices.Where(n => n.HandlerId == self && n.InquiryId == Inquiry.Id && n.ReadAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(n => n.ReadAt, Now), cancel), CancellationToken.None);
    }

    private async Task<List<(string, List<(long, string)>)>> Possible()
    {
        Dictionary<long, Handler> live = await Db.Handlers.Where(h => h.Active && h.OnDuty).ToDictionaryAsync(h => h.Id, Cancel);
        string region = Roster.UnitOf(Inquiry.UnitId).Region;
        HashSet<long> near = [.. Roster.Upwards(Inquiry.UnitId).Select(u => u.Id)];
        bool May(Handler h) => h.Id != Inquiry.HandlerId && h.Id != Inquiry.AboutCadreId && Roster.IsPresent(h, Now) && live.ContainsKey(h.Id);
        string Label(Handler h) => $"{h.PublicName}（在手 {live[h.Id].OpenItems}/{h.Capacity}）";
        List<(long, string)> Of(IEnumerable<Handler> people) => [.. people.Where(May).OrderBy(h => (double)live[h.Id].OpenItems / h.Capacity).ThenBy(h => h.Id).Select(h => (h.Id, Label(h)))];
        List<(string, List<(long, string)>)> groups =
        [
            ("服务联盟专家", Inquiry.Risk == Risk.Crisis ? [] : Of(Roster.ExpertsFor(Inquiry.Topic, region))),
            ("本单位及上级团干部", Of(Roster.Cadres.Where(c => near.Contains(c.UnitId)))),
            ("其他单位团干部", Of(Roster.Cadres.Where(c => !near.Contains(c.UnitId)))),
        ];
        return [.. groups.Where(g => g.Item2.Count > 0)];
    }

    /// <summary>How a handler's words fared on their way.</summary>
    public static string Way(OutboxMessage? owed) => owed switch
    {
        null => "",
        { State: Delivery.Sent, SentAt: { } at } => $"已送达 {Day(at)}",
        { State: Delivery.Dead } dead => $"未送达：{dead.LastError}",
        { State: Delivery.Queued, Attempts: > 0 } waiting => $"正在重试（已试 {waiting.Attempts} 次，{waiting.LastError}）",
        { State: Delivery.Queued } => "发送中",
        _ => "已取消",
    };
}
