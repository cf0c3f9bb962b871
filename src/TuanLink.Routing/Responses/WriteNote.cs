using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Responses;

/// <summary>A private note among those who handle an item. It never reaches the youth and never counts as a response.</summary>
public sealed class WriteNote(Rosters rosters)
{
    /// <exception cref="Refusal">The writer has no part in the item, or there are no words.</exception>
    public async Task<Message> Write(RoutingDb db, long inquiryId, long byId, string text, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.FindAsync([inquiryId], cancel) ?? throw new NoSuchInquiry();
        if (inquiry.AboutCadreId == byId)
            throw new NoSuchInquiry();
        Handler writer = (await rosters.Current(cancel)).HandlerOf(byId);
        var note = new Message
        {
            ConversationId = inquiry.ConversationId,
            InquiryId = inquiryId,
            Author = writer is Cadre ? Author.Cadre : Author.Expert,
            HandlerId = byId,
            Text = RecordResponse.Words(text),
            At = now,
            IsPrivateNote = true,
        };
        db.Messages.Add(note);
        db.Happened(inquiryId, now, Happening.Noted, $"{writer.PublicName}写了内部备注", byId);
        return note;
    }
}
