using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing;

/// <summary>
/// The page that tells the story: one message comes in, is sorted, finds its people, is stored, and words are owed back.
/// Everything here happens in the caller's one transaction; nothing is acknowledged before it is on disk.
/// </summary>
public sealed class InquiryDesk(AssignInquiry assign, Rosters rosters, WorkingCalendars calendars, ResponseClock clock, Wording wording, IOptions<RoutingOptions> options)
{
    private const int HeadlineLength = 60;

    /// <summary>A new matter: sorted as the verdict says, given to its people, acknowledged with its number, its person and its time.</summary>
    /// <param name="message">The youth's message, already added to the transaction.</param>
    /// <exception cref="NobodyToAnswer">There is no cadre at all.</exception>
    public async Task<Inquiry> Open(RoutingDb db, Conversation conversation, Youth youth, Message message, Verdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await Sort(db, conversation, youth, message.Text, verdict, now, cancel);
        await assign.Assign(db, inquiry, message.Text, certain: !verdict.NeedsHuman, now, cancel);
        message.InquiryId = inquiry.Id;

        db.Happened(inquiry.Id, now, Happening.Received, $"青年来信，编号 {inquiry.Reference}");
        db.Happened(inquiry.Id, now, Happening.Sorted, Describe(verdict));
        if (inquiry.Risk == Risk.Crisis)
            OweSafeWords(db, conversation, inquiry, verdict, message.ActivityId, now);
        Roster roster = await rosters.Current(cancel);
        string words = wording.Say("acknowledged", ("reference", inquiry.Reference),
            ("handler", roster.HandlerOf(inquiry.HandlerId).PublicName), ("until", SpokenTime.Until(inquiry.ResponseDueAt, now)));
        if (verdict.NeedsHuman && inquiry.Risk == Risk.None && message.Text.Length < ClearEnough)
            words += "\n" + wording.Say(message.Text.Length == 0 ? "clarify_attachment" : "clarify_matter");
        db.Owe(conversation, words, now, inquiry.Id, replyToId: message.ActivityId);
        return inquiry;
    }

    /// <summary>More words on an open matter: they join it, may raise its risk, and make an answered one wait for an answer again.</summary>
    /// <exception cref="InquiryIsOver">The matter has ended; the words are a new one.</exception>
    public async Task FollowUp(RoutingDb db, Conversation conversation, Inquiry inquiry, Message message, Verdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        if (!inquiry.IsOpen)
            throw new InquiryIsOver();
        message.InquiryId = inquiry.Id;
        bool raised = await RaiseRisk(db, conversation, inquiry, verdict, message.ActivityId, now, cancel);
        if (inquiry.Status == InquiryStatus.Answered)
        {
            clock.BeginRound(inquiry, now, await CalendarOf(inquiry, cancel));
            inquiry.Status = InquiryStatus.Assigned;
            db.Happened(inquiry.Id, now, Happening.FollowedUp, "青年在答复后继续来信，重新等待答复");
        }
        else
            db.Happened(inquiry.Id, now, Happening.FollowedUp, "青年补充来信");
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年有新来信", now, inquiry.Id, urgent: raised || inquiry.Risk == Risk.Crisis);
        if (!raised)
            db.Owe(conversation, wording.Say(inquiry.Risk == Risk.Crisis ? "acknowledged_crisis_followup" : message.Text.Length == 0 ? "attachment_joined" : "joined", ("reference", inquiry.Reference)),
                now, inquiry.Id, replyToId: message.ActivityId);
    }

    /// <summary>Words taken for a thank-you, a question how far it is and the like, while a matter is open: they lie with it and its handler is told,
    /// for they can be more than they were taken for. No clock begins anew.</summary>
    /// <param name="notify">False if the handler is told of them in another way.</param>
    public static void SaidBeside(RoutingDb db, Inquiry inquiry, Message message, bool notify, DateTimeOffset now)
    {
        message.InquiryId = inquiry.Id;
        if (notify)
            db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年有新来信", now, inquiry.Id);
    }

    /// <summary>Raises what danger the words show; never lowers it (没事了 does not).</summary>
    /// <param name="replyToId">The activity whose words show it; none if it was seen later.</param>
    /// <returns>Whether it rose to a crisis now.</returns>
    public async Task<bool> RaiseRisk(RoutingDb db, Conversation conversation, Inquiry inquiry, Verdict verdict, string? replyToId, DateTimeOffset now, CancellationToken cancel)
    {
        if (verdict.Risk <= inquiry.Risk)
            return false;
        (inquiry.Risk, inquiry.RiskType, inquiry.RiskEvidence) = (verdict.Risk, verdict.RiskType.ToString(), string.Join('、', verdict.Evidence));
        Urgency urgency = inquiry.Risk == Risk.Crisis ? Urgency.Crisis : Urgency.Priority;
        if (urgency > inquiry.Urgency)
        {
            inquiry.Urgency = urgency;
            DateTimeOffset due = clock.ResponseAt(now, urgency, await CalendarOf(inquiry, cancel));
            inquiry.ResponseDueAt = due < inquiry.ResponseDueAt ? due : inquiry.ResponseDueAt;
            if (inquiry.AnsweredAt is null && due < inquiry.FirstResponseDueAt)
                inquiry.FirstResponseDueAt = due;
        }
        db.Happened(inquiry.Id, now, Happening.RiskRaised, inquiry.Risk == Risk.Crisis ? "风险升级为危急" : "风险升级为关注");
        if (inquiry.Risk != Risk.Crisis)
            return false;
        inquiry.CrisisSince = now;
        await assign.CallCrisisResponder(db, inquiry, now, cancel);
        OweSafeWords(db, conversation, inquiry, verdict, replyToId, now);
        return true;
    }

    private async Task<Inquiry> Sort(RoutingDb db, Conversation conversation, Youth youth, string words, Verdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        Unit unit = Home(roster, youth);
        WorkingCalendar calendar = calendars.Of(unit.Code);
        DateTimeOffset due = clock.ResponseAt(now, verdict.Urgency, calendar);
        var inquiry = new Inquiry
        {
            Reference = await References.Next(db, now),
            YouthId = youth.Id,
            ConversationId = conversation.Id,
            UnitId = unit.Id,
            Channel = conversation.Channel,
            Headline = Headline(words),
            Kind = verdict.Kind,
            Topic = verdict.Topic,
            Urgency = verdict.Urgency,
            Category = verdict.Category,
            SortedWith = verdict.TopicProbability,
            SortedByVersion = verdict.ModelVersion,
            Risk = verdict.Risk,
            RiskType = verdict.Risk == Risk.None ? "" : verdict.RiskType.ToString(),
            RiskEvidence = string.Join('、', verdict.Evidence),
            CrisisSince = verdict.Risk == Risk.Crisis ? now : null,
            Status = verdict.NeedsHuman && verdict.Risk != Risk.Crisis ? InquiryStatus.AwaitingTriage : InquiryStatus.Assigned,
            CreatedAt = now,
            RoundStartedAt = now,
            ResponseDueAt = due,
            FirstResponseDueAt = due,
            EffectiveDueAt = clock.EffectiveAt(now, verdict.Urgency, calendar),
        };
        db.Inquiries.Add(inquiry);
        return inquiry;
    }

    private Unit Home(Roster roster, Youth youth)
    {
        if (roster.IsEmpty)
            throw new NobodyToAnswer();
        if (youth.UnitId is { } own)
            return roster.UnitOf(own);
        return roster.UnitByCode(options.Value.HomeUnit)
            ?? roster.Units.Where(u => u.Kind == UnitKind.City).MinBy(u => u.Id)
            ?? roster.Units.Where(u => u.ParentId is null).MinBy(u => u.Id)
            ?? throw new NobodyToAnswer();
    }

    private async Task<WorkingCalendar> CalendarOf(Inquiry inquiry, CancellationToken cancel) =>
        calendars.Of((await rosters.Current(cancel)).UnitOf(inquiry.UnitId).Code);

    private void OweSafeWords(RoutingDb db, Conversation conversation, Inquiry inquiry, Verdict verdict, string? replyToId, DateTimeOffset now) =>
        db.Owe(conversation, wording.Say(verdict.AboutSomeoneElse ? "safe_message_other"
            : verdict.RiskType is RiskType.Violence or RiskType.Detention or RiskType.Missing ? "safe_message_police" : "safe_message"), now, inquiry.Id, tone: "safe", replyToId: replyToId);

    private static string Describe(Verdict verdict)
    {
        if (verdict == Verdict.OfNoWords)
            return "没有文字，程序无法分类；转人工研判";
        string sure = $"主题 {ChineseNames.Of(verdict.Topic)}（{verdict.TopicProbability:P0}），类型 {ChineseNames.Of(verdict.Kind)}，紧急程度 {ChineseNames.Of(verdict.Urgency)}";
        return verdict.NeedsHuman ? sure + "；把握不足，转人工研判" : sure;
    }

    // Below this length an unsure sorting is worth one gentle question; a long message has said what there is.
    private const int ClearEnough = 40;

    private static string Headline(string words)
    {
        // An empty headline is an erased one.
        if (words.Length == 0)
            return "（没有文字，只有附件）";
        string line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= HeadlineLength ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[HeadlineLength - 2]) ? HeadlineLength - 2 : HeadlineLength - 1), "…");
    }
}
