using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Responses;

/// <summary>Asks youths whether the answer helped: by the system, at a time the handler neither sees nor sets (DOMAIN.md §5), and not at night.</summary>
public sealed class AskForConfirmation(ResponseClock clock, Wording wording)
{
    private const int MostAtOnce = 200;
    private static readonly TimeOnly NoEarlier = new(8, 0);
    private static readonly TimeOnly NoLater = new(22, 0);

    /// <returns>How many were asked.</returns>
    public async Task<int> AskDue(RoutingDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var clockThere = TimeOnly.FromDateTime(ChinaTime.Of(now).DateTime);
        if (clockThere < NoEarlier || clockThere >= NoLater)
            return 0;
        DateTimeOffset answeredBy = now.AddHours(-clock.Options.AskAfterHours);
        List<Inquiry> due = await db.Inquiries
            .Where(i => i.Status == InquiryStatus.Answered && i.AskedAt == null && i.RoundAnsweredAt != null && i.RoundAnsweredAt <= answeredBy)
            .OrderBy(i => i.RoundAnsweredAt).ThenBy(i => i.Id).Take(MostAtOnce).ToListAsync(cancel);
        foreach (Inquiry inquiry in due)
        {
            inquiry.AskedAt = now;
            db.Confirmations.Add(new ConfirmationAsked { InquiryId = inquiry.Id, Round = inquiry.Round, HandlerId = inquiry.HandlerId, AskedAt = now });
            Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId, cancel);
            (conversation.Pending, conversation.PendingInquiryId) = (PendingQuestion.Helpful, inquiry.Id);
            db.Owe(conversation, wording.Say("ask_helpful", ("reference", inquiry.Reference)), now, inquiry.Id,
                [wording.Say("ask_helpful_resolved"), wording.Say("ask_helpful_partly"), wording.Say("ask_helpful_not")], "outcome");
            db.Happened(inquiry.Id, now, Happening.AskedIfHelpful, "系统询问答复是否解决问题");
        }
        return due.Count;
    }
}
