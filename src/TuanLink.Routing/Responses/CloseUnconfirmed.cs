using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Responses;

/// <summary>Closes what was answered and asked about when the youth said nothing for the set days; counted apart from resolved.</summary>
public sealed class CloseUnconfirmed(ResponseClock clock, Wording wording)
{
    private const int MostAtOnce = 200;

    /// <returns>How many were closed.</returns>
    public async Task<int> CloseDue(RoutingDb db, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset askedBy = now.AddDays(-clock.Options.CloseAfterDays);
        List<Inquiry> due = await db.Inquiries
            .Where(i => i.Status == InquiryStatus.Answered && i.AskedAt != null && i.AskedAt <= askedBy
                && (i.Risk != Risk.Crisis || i.SignedOffBy != null))
            .OrderBy(i => i.AskedAt).ThenBy(i => i.Id).Take(MostAtOnce).ToListAsync(cancel);
        foreach (Inquiry inquiry in due)
        {
            await EndInquiry.CloseUnconfirmed(db, inquiry, now, cancel);
            Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId, cancel);
            db.Owe(conversation, wording.Say("closed_unconfirmed", ("reference", inquiry.Reference)), now, inquiry.Id);
        }
        return due.Count;
    }
}
