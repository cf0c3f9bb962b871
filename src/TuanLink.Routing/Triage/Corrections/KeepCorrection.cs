using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Corrections;

/// <summary>How an inquiry stood before a human touched its sorting.</summary>
public sealed record SortingBefore(Topic Topic, InquiryKind Kind, Urgency Urgency, ProblemCategory Category, Risk Risk, double SortedWith)
{
    public static SortingBefore Of(Inquiry inquiry) =>
        new(inquiry.Topic, inquiry.Kind, inquiry.Urgency, inquiry.Category, inquiry.Risk, inquiry.SortedWith);
}

/// <summary>Keeps what a human said of a sorting, in the transaction that applies it.</summary>
public static class KeepCorrection
{
    /// <param name="before">How the inquiry stood; it is compared with how it stands now.</param>
    /// <param name="topicSaid">Whether the human spoke about the topic at all: choosing the same one confirms it.</param>
    /// <param name="urgencySaid">Whether the human spoke about the urgency; one that only follows from a danger is not theirs.</param>
    public static async Task Keep(RoutingDb db, Inquiry inquiry, SortingBefore before, bool topicSaid, bool urgencySaid, long byId, DateTimeOffset now, CancellationToken cancel)
    {
        long? firstWords = await db.Messages.Where(m => m.InquiryId == inquiry.Id && m.Author == Author.Youth && m.Text != "").OrderBy(m => m.Id).Select(m => (long?)m.Id).FirstOrDefaultAsync(cancel);
        // Once a human has spoken, the item no longer shows what the sorter said: the first correction does.
        SortingCorrection? first = await db.SortingCorrections.AsNoTracking().Where(c => c.InquiryId == inquiry.Id).OrderBy(c => c.Id).FirstOrDefaultAsync(cancel);
        db.SortingCorrections.Add(new SortingCorrection
        {
            InquiryId = inquiry.Id,
            MessageId = firstWords,
            ById = byId,
            At = now,
            SaidByVersion = inquiry.SortedByVersion,
            SaidWith = first?.SaidWith ?? before.SortedWith,
            SaidTopic = first?.SaidTopic ?? before.Topic,
            SaidKind = first?.SaidKind ?? before.Kind,
            SaidUrgency = first?.SaidUrgency ?? before.Urgency,
            SaidCategory = first?.SaidCategory ?? before.Category,
            SaidRisk = first?.SaidRisk ?? before.Risk,
            Topic = topicSaid ? inquiry.Topic : null,
            Kind = inquiry.Kind == before.Kind ? null : inquiry.Kind,
            Urgency = urgencySaid && inquiry.Urgency != before.Urgency ? inquiry.Urgency : null,
            Category = inquiry.Category == before.Category ? null : inquiry.Category,
            Risk = inquiry.Risk == before.Risk ? null : inquiry.Risk,
        });
    }
}
