using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

/// <summary>
/// An inquiry changes hands: offered with a reason, moved only when the receiver accepts. The clock never restarts and the owner stays
/// accountable. Passing around (A→B→A, or a third transfer without a substantive answer) alerts the unit's administrators (二传手).
/// </summary>
public sealed class TransferInquiry(Rosters rosters, AssignInquiry assign, WorkingCalendars calendars, ResponseClock clock, Wording wording)
{
    private const int TransfersWithoutAnswer = 3;

    /// <summary>Offers the item to another cadre or to an expert.</summary>
    /// <exception cref="Refusal">A rule forbids it.</exception>
    public async Task<Handoff> Offer(RoutingDb db, long inquiryId, long byId, long toId, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await Open(db, inquiryId, cancel);
        if (byId != inquiry.HandlerId && byId != inquiry.OwnerId)
            throw new OnlyTheHandlerMay();
        reason = Reasons.Needed(reason, () => new ATransferNeedsAReason());
        if (toId == inquiry.AboutCadreId)
            throw new NeverToTheOneComplainedOf();
        if (toId == inquiry.HandlerId)
            throw new TheReceiverHoldsItAlready();
        if (await db.Handoffs.AnyAsync(h => h.InquiryId == inquiryId && h.Outcome == HandoffOutcome.Pending, cancel))
            throw new AnOfferIsOpen();
        Roster roster = await rosters.Current(cancel);
        if (roster.FindHandler(toId) is not { } receiver || !roster.IsPresent(receiver, now))
            throw new TheReceiverIsNotThere();
        bool toExpert = receiver is not Cadre;
        if (toExpert && inquiry.Risk == Risk.Crisis)
            throw new ACrisisStaysWithItsResponder();

        var handoff = new Handoff
        {
            InquiryId = inquiryId,
            Kind = toExpert ? HandoffKind.ExpertOffer : HandoffKind.Transfer,
            FromId = inquiry.HandlerId,
            ToId = toId,
            Reason = reason,
            OfferedAt = now,
            ExpiresAt = clock.AcceptBy(now, calendars.Of(roster.UnitOf(inquiry.UnitId).Code)),
        };
        db.Handoffs.Add(handoff);
        db.Happened(inquiryId, now, toExpert ? Happening.ExpertOffered : Happening.Transferred, $"请{receiver.PublicName}接办：{handoff.Reason}", byId);
        db.Notify(toId, $"{inquiry.Reference} 请您接办：{handoff.Reason}", now, inquiryId, urgent: inquiry.Urgency != Urgency.Routine);
        return handoff;
    }

    /// <summary>The receiver takes the item.</summary>
    /// <exception cref="Refusal">The offer is over, is somebody else's, or the inquiry has ended.</exception>
    public async Task Accept(RoutingDb db, long handoffId, long byId, DateTimeOffset now, CancellationToken cancel)
    {
        Handoff handoff = await Pending(db, handoffId, byId, now, cancel);
        Inquiry inquiry = await Open(db, handoff.InquiryId, cancel);
        Roster roster = await rosters.Current(cancel);
        Handler taker = roster.HandlerOf(byId);
        if (!await db.TryGive(inquiry, byId, now, whateverTheLoad: true, cancel))
            throw new TheReceiverIsNotThere();
        (handoff.Outcome, handoff.AnsweredAt) = (HandoffOutcome.Accepted, now);
        if (handoff.Kind == HandoffKind.ExpertOffer)
            db.Happened(inquiry.Id, now, Happening.ExpertAccepted, $"{taker.PublicName}已接办，{roster.HandlerOf(inquiry.OwnerId).PublicName}继续负责", byId);
        else
        {
            inquiry.Transfers++;
            db.Happened(inquiry.Id, now, Happening.Transferred, $"{taker.PublicName}已接手：{handoff.Reason}", byId);
            await AlertIfPassedAround(db, inquiry, handoff, roster, now, cancel);
        }
        db.Notify(handoff.FromId, $"{inquiry.Reference} {taker.PublicName}已接办", now, inquiry.Id);
        Youths.Conversation? conversation = await db.Conversations.FindAsync([inquiry.ConversationId], cancel);
        if (conversation is not null)
            db.Owe(conversation, wording.Say(handoff.Kind == HandoffKind.ExpertOffer ? "expert_joined" : "handler_changed",
                ("expert", taker.PublicName), ("handler", taker.PublicName), ("reference", inquiry.Reference)), now, inquiry.Id);
    }

    /// <summary>The receiver does not take it; it stays where it is, and an expert's place is offered to the next one.</summary>
    /// <exception cref="Refusal">No reason was given, or the offer is over or somebody else's.</exception>
    public async Task<Handoff> Decline(RoutingDb db, long handoffId, long byId, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        reason = Reasons.Needed(reason, () => new ADeclineNeedsAReason());
        Handoff handoff = await Pending(db, handoffId, byId, now, cancel);
        Inquiry inquiry = await Open(db, handoff.InquiryId, cancel);
        Handler decliner = (await rosters.Current(cancel)).HandlerOf(byId);
        (handoff.Outcome, handoff.AnsweredAt, handoff.DeclineReason) = (HandoffOutcome.Declined, now, reason);
        db.Happened(inquiry.Id, now, Happening.ExpertDeclined, $"{decliner.PublicName}婉拒：{handoff.DeclineReason}", byId);
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} {decliner.PublicName}婉拒：{handoff.DeclineReason}", now, inquiry.Id);
        if (inquiry.OwnerId != inquiry.HandlerId)
            db.Notify(inquiry.OwnerId, $"{inquiry.Reference} {decliner.PublicName}婉拒：{handoff.DeclineReason}", now, inquiry.Id);
        if (handoff.Kind == HandoffKind.ExpertOffer)
            await assign.OfferToExpert(db, inquiry, now, cancel);
        return handoff;
    }

    /// <summary>Ends the offers nobody answered in time; the items stay with those who hold them, who are told.</summary>
    /// <returns>How many lapsed.</returns>
    public async Task<int> ExpireOffers(RoutingDb db, DateTimeOffset now, CancellationToken cancel)
    {
        List<Handoff> lapsed = await db.Handoffs.Where(h => h.Outcome == HandoffOutcome.Pending && h.ExpiresAt <= now).OrderBy(h => h.Id).Take(200).ToListAsync(cancel);
        Roster roster = await rosters.Current(cancel);
        foreach (Handoff handoff in lapsed)
        {
            (handoff.Outcome, handoff.AnsweredAt) = (HandoffOutcome.Expired, now);
            Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == handoff.InquiryId, cancel);
            string who = roster.FindHandler(handoff.ToId)?.PublicName ?? "接收人";
            db.Happened(inquiry.Id, now, Happening.HandoffExpired, $"{who}未在期限内答复，仍由{roster.HandlerOf(inquiry.HandlerId).PublicName}处理");
            db.Notify(inquiry.HandlerId, $"{inquiry.Reference} {who}未答复，仍由您处理", now, inquiry.Id);
        }
        return lapsed.Count;
    }

    private static async Task AlertIfPassedAround(RoutingDb db, Inquiry inquiry, Handoff accepted, Roster roster, DateTimeOffset now, CancellationToken cancel)
    {
        if (inquiry.AnsweredAt is not null)
            return;
        List<long> hands = await db.Handoffs.Where(h => h.InquiryId == inquiry.Id && h.Kind == HandoffKind.Transfer && h.Outcome == HandoffOutcome.Accepted)
            .OrderBy(h => h.AnsweredAt).ThenBy(h => h.Id).Select(h => h.FromId).ToListAsync(cancel);
        bool cameBack = hands.Contains(accepted.ToId);
        if (!cameBack && inquiry.Transfers < TransfersWithoutAnswer)
            return;
        string what = cameBack ? "转回曾经的处理人，没有实质答复（二传手）" : $"第 {inquiry.Transfers} 次转办仍无实质答复（二传手）";
        db.Happened(inquiry.Id, now, Happening.PassedAround, what);
        foreach (Cadre administrator in roster.Upwards(inquiry.UnitId).Select(u => roster.OnPost(u.Id, DutyRole.Administrator)
            .Where(a => a.Id != inquiry.AboutCadreId).ToList()).FirstOrDefault(a => a.Count > 0) ?? [])
            db.Notify(administrator.Id, $"{inquiry.Reference} {what}", now, inquiry.Id, urgent: true);
    }

    private static async Task<Inquiry> Open(RoutingDb db, long inquiryId, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.FindAsync([inquiryId], cancel) ?? throw new NoSuchInquiry();
        return inquiry.IsOpen ? inquiry : throw new InquiryIsOver();
    }

    private static async Task<Handoff> Pending(RoutingDb db, long handoffId, long byId, DateTimeOffset now, CancellationToken cancel)
    {
        Handoff handoff = await db.Handoffs.FindAsync([handoffId], cancel) ?? throw new NoSuchInquiry();
        if (handoff.ToId != byId)
            throw new OnlyTheReceiverMay();
        return handoff.Outcome == HandoffOutcome.Pending && now < handoff.ExpiresAt ? handoff : throw new TheOfferIsOver();
    }
}
