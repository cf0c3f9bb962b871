using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

public sealed class LoweringRiskNeedsAReason() : Refusal("降低风险等级须写明理由。");

/// <summary>What a human says an inquiry really is; what is none stays as it was.</summary>
/// <param name="Settles">Whether the sorting is now sure. A single field put right at the triage desk leaves the topic still to be chosen.</param>
public sealed record Correction(Topic? Topic = null, InquiryKind? Kind = null, Urgency? Urgency = null, ProblemCategory? Category = null, Risk? Risk = null, string Reason = "",
    bool Settles = true);

/// <summary>A human puts the sorting right, or confirms it: the item leaves the triage desk and its clocks follow the urgency it really has.</summary>
public sealed class CorrectSorting(AssignInquiry assign, Rosters rosters, WorkingCalendars calendars, ResponseClock clock)
{
    /// <exception cref="Refusal">The inquiry has ended, or a risk would be lowered without a reason.</exception>
    public async Task Correct(RoutingDb db, Inquiry inquiry, long byId, Correction correction, DateTimeOffset now, CancellationToken cancel)
    {
        if (!inquiry.IsOpen)
            throw new InquiryIsOver();
        Risk risk = correction.Risk ?? inquiry.Risk;
        string why = Reasons.Read(correction.Reason);
        if (risk < inquiry.Risk && why.Length == 0)
            throw new LoweringRiskNeedsAReason();

        SortingBefore before = SortingBefore.Of(inquiry);
        bool wasWaiting = inquiry.Status == InquiryStatus.AwaitingTriage;
        bool settled = wasWaiting && (correction.Settles || risk == Risk.Crisis);
        bool toCrisis = risk == Risk.Crisis && inquiry.Risk != Risk.Crisis;
        bool fromCrisis = risk != Risk.Crisis && inquiry.Risk == Risk.Crisis;
        Topic topicBefore = inquiry.Topic;
        var changes = new List<string>();
        if (correction.Topic is { } topic && topic != inquiry.Topic)
            changes.Add($"主题 {ChineseNames.Of(inquiry.Topic)}→{ChineseNames.Of(inquiry.Topic = topic)}");
        if (correction.Kind is { } kind && kind != inquiry.Kind)
            changes.Add($"类型 {ChineseNames.Of(inquiry.Kind)}→{ChineseNames.Of(inquiry.Kind = kind)}");
        if (correction.Category is { } category && category != inquiry.Category)
            changes.Add($"问题类别 {ChineseNames.Of(inquiry.Category)}→{ChineseNames.Of(inquiry.Category = category)}");
        if (risk != inquiry.Risk)
            changes.Add($"风险 {ChineseNames.Of(inquiry.Risk)}→{ChineseNames.Of(inquiry.Risk = risk)}");

        // Danger sets the least urgency; a crisis that a human ended falls back to priority unless they say otherwise.
        Urgency urgency = correction.Urgency ?? (fromCrisis ? Urgency.Priority : inquiry.Urgency);
        Urgency least = risk switch { Risk.Crisis => Urgency.Crisis, Risk.Concern => Urgency.Priority, _ => Urgency.Routine };
        urgency = urgency < least ? least : urgency;
        if (urgency != inquiry.Urgency)
        {
            changes.Add($"紧急程度 {ChineseNames.Of(inquiry.Urgency)}→{ChineseNames.Of(urgency)}");
            await Reclock(inquiry, urgency, now, cancel);
        }

        if (settled || !wasWaiting)
            inquiry.SortedWith = 1;
        if (settled)
            inquiry.Status = InquiryStatus.Assigned;
        await KeepCorrection.Keep(db, inquiry, before, topicSaid: correction.Topic is not null, urgencySaid: correction.Urgency is not null, byId, now, cancel);
        string reason = why.Length == 0 ? "" : $"；理由：{why}";
        db.Happened(inquiry.Id, now, fromCrisis ? Happening.RiskLowered : Happening.Corrected,
            (changes.Count == 0 ? "确认分类无误" : "人工更正：" + string.Join("，", changes)) + reason, byId);

        if (toCrisis)
        {
            inquiry.CrisisSince = now;
            await assign.CallCrisisResponder(db, inquiry, now, cancel);
        }
        else if (risk != Risk.Crisis && (settled || inquiry.Topic != topicBefore))
        {
            await AssignInquiry.CancelOffers(db, inquiry.Id, now);
            await assign.OfferToExpert(db, inquiry, now, cancel);
        }
        if (byId != inquiry.HandlerId)
            db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 分类已由人工确认或更正", now, inquiry.Id);
    }

    // What is urgent now became so at the latest now; what is less urgent than thought is counted from its beginning, as if sorted right at once.
    private async Task Reclock(Inquiry inquiry, Urgency urgency, DateTimeOffset now, CancellationToken cancel)
    {
        WorkingCalendar calendar = calendars.Of((await rosters.Current(cancel)).UnitOf(inquiry.UnitId).Code);
        bool raised = urgency > inquiry.Urgency;
        inquiry.Urgency = urgency;
        DateTimeOffset first = clock.ResponseAt(raised ? now : inquiry.CreatedAt, urgency, calendar);
        DateTimeOffset round = clock.ResponseAt(raised ? now : inquiry.RoundStartedAt, urgency, calendar);
        if (inquiry.AnsweredAt is null)
            inquiry.FirstResponseDueAt = raised && inquiry.FirstResponseDueAt < first ? inquiry.FirstResponseDueAt : first;
        inquiry.ResponseDueAt = raised && inquiry.ResponseDueAt < round ? inquiry.ResponseDueAt : round;
        inquiry.EffectiveDueAt = clock.EffectiveAt(inquiry.CreatedAt, urgency, calendar);
    }
}
