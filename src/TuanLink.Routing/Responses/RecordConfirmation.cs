using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Responses;

/// <summary>The youth says whether the answer helped. Only this makes a reply effective; 没有解决 opens the item again.</summary>
public sealed class RecordConfirmation(ResponseClock clock, AssignInquiry assign, Rosters rosters, WorkingCalendars calendars, Wording wording)
{
    /// <summary>解决了, 部分解决 or 没有解决. A second word on the same round replaces the first.</summary>
    /// <param name="stars">1 to 5 if they were given in the same breath; then they are not asked for.</param>
    public async Task Say(RoutingDb db, Conversation conversation, Inquiry inquiry, Outcome outcome, DateTimeOffset now, CancellationToken cancel, int? stars = null)
    {
        ConfirmationAsked? asked = await Asked(db, inquiry, cancel);
        if (asked is not null)
            (asked.Outcome, asked.AnsweredAt) = (outcome, now);
        inquiry.Outcome = outcome;
        if (stars is { } given)
            SetStars(inquiry, asked, given);
        await ShowChosen(db, conversation, inquiry, stars is null ? ChineseNames.Of(outcome) : $"{ChineseNames.Of(outcome)}，{stars} 星", now, cancel);
        db.Happened(inquiry.Id, now, Happening.Confirmed, $"青年反馈：{ChineseNames.Of(outcome)}");
        (conversation.Pending, conversation.PendingInquiryId) = (PendingQuestion.None, null);
        if (outcome == Outcome.NotResolved)
            await Reopen(db, conversation, inquiry, now, cancel);
        else
            await Resolve(db, conversation, inquiry, outcome, stars is not null, now, cancel);
    }

    /// <summary>1 to 5 stars for the round just confirmed; later ones replace them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 5.</exception>
    public async Task Rate(RoutingDb db, Conversation conversation, Inquiry inquiry, int stars, DateTimeOffset now, CancellationToken cancel)
    {
        SetStars(inquiry, await Asked(db, inquiry, cancel), stars);
        // A second thought about the stars is heard as one, not as a new matter.
        (conversation.Pending, conversation.PendingInquiryId) = (PendingQuestion.Stars, inquiry.Id);
        db.Owe(conversation, wording.Say("thanks_for_rating"), now, inquiry.Id);
    }

    private async Task Resolve(RoutingDb db, Conversation conversation, Inquiry inquiry, Outcome outcome, bool isRated, DateTimeOffset now, CancellationToken cancel)
    {
        // What closed itself stays counted as closed: the late word is kept as feedback only.
        if (inquiry.IsOpen && !await EndInquiry.Resolve(db, inquiry, now, cancel))
            db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年表示{ChineseNames.Of(outcome)}；危急处置仍须完成联系与签字", now, inquiry.Id);
        (conversation.Pending, conversation.PendingInquiryId) = (PendingQuestion.Stars, inquiry.Id);
        db.Owe(conversation, wording.Say(outcome == Outcome.Resolved ? "confirmed_resolved" : "confirmed_partly", ("reference", inquiry.Reference)), now, inquiry.Id);
        if (isRated)
            db.Owe(conversation, wording.Say("thanks_for_rating"), now, inquiry.Id);
        else
            db.Owe(conversation, wording.Say("ask_stars"), now, inquiry.Id, ["5星", "4星", "3星", "2星", "1星"], "stars");
    }

    private async Task Reopen(RoutingDb db, Conversation conversation, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        bool wasOver = !inquiry.IsOpen;
        inquiry.Status = InquiryStatus.Reopened;
        inquiry.ResolvedAt = null;
        inquiry.EndedAt = null;
        clock.BeginRound(inquiry, now, calendars.Of(roster.UnitOf(inquiry.UnitId).Code));
        db.Happened(inquiry.Id, now, Happening.Reopened, "青年反馈没有解决，重新办理");
        if (wasOver || !roster.IsPresent(roster.HandlerOf(inquiry.HandlerId), now))
            await assign.GiveBack(db, inquiry, now, cancel);
        inquiry.Status = InquiryStatus.Assigned;
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年反馈没有解决，请重新办理", now, inquiry.Id, urgent: true);
        if (inquiry.OwnerId != inquiry.HandlerId)
            db.Notify(inquiry.OwnerId, $"{inquiry.Reference} 青年反馈没有解决，已重新办理", now, inquiry.Id);
        db.Owe(conversation, wording.Say("not_resolved", ("reference", inquiry.Reference),
            ("handler", roster.HandlerOf(inquiry.HandlerId).PublicName), ("until", SpokenTime.Until(inquiry.ResponseDueAt, now))), now, inquiry.Id);
    }

    // The question as it stands in the youth's client gives way to what was chosen: no button is left that leads nowhere.
    private async Task ShowChosen(RoutingDb db, Conversation conversation, Inquiry inquiry, string chosen, DateTimeOffset now, CancellationToken cancel)
    {
        if (conversation.ShowsCards && await db.Outbox.AsNoTracking().Where(o => o.InquiryId == inquiry.Id && o.ConversationId == conversation.Id && o.Tone == "outcome")
            .OrderByDescending(o => o.Id).FirstOrDefaultAsync(cancel) is { } question)
            db.Replace(conversation, question, wording.Say("ask_helpful_chosen", ("reference", inquiry.Reference), ("choice", chosen)), now);
    }

    private static void SetStars(Inquiry inquiry, ConfirmationAsked? asked, int stars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stars, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stars, 5);
        inquiry.Stars = stars;
        if (asked is not null)
            asked.Stars = stars;
    }

    private static Task<ConfirmationAsked?> Asked(RoutingDb db, Inquiry inquiry, CancellationToken cancel) =>
        db.Confirmations.Where(c => c.InquiryId == inquiry.Id).OrderByDescending(c => c.Round).FirstOrDefaultAsync(cancel);
}
