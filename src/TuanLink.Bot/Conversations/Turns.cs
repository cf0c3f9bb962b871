using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Bot.Conversations;

/// <summary>What came of a turn: the words owed in answer, already on disk.</summary>
/// <param name="IsRepeat">The channel sent an activity again that was taken before: nothing was done.</param>
public sealed record TurnTaken(IReadOnlyList<OutboxMessage> Replies, bool IsRepeat);

/// <summary>One turn of a conversation: sorted first, then taken in one transaction; when this returns, it is on disk.</summary>
public sealed class Turns(IDbContextFactory<RoutingDb> databases, ITransactions transactions, SorterInUse triage, Talk talk, TimeProvider time)
{
    /// <summary>The longest message taken whole, in UTF-16 units.</summary>
    public const int LongestText = 4000;

    /// <param name="also">What the channel itself must keep in the same transaction, e.g. the echo of the youth's words.</param>
    public async Task<TurnTaken> Take(IncomingWords words, Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task>? also, CancellationToken cancel)
    {
        Verdict? verdict = null;
        if (words.Text.Length > 0)
        {
            KnownSoFar known = await Recall(words, cancel);
            verdict = triage.Sort(words.Text.Length <= LongestText ? words.Text : words.Text[..LongestText], new TriageContext(known.EarlierTexts,
                known.OpenTopic is { } topic ? new OpenInquiry(topic, known.OpenText) : null, known.Risk));
        }
        return await transactions.Run((db, inner) => InTransaction(db, words, verdict, also, inner), cancel);
    }

    private async Task<KnownSoFar> Recall(IncomingWords words, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        return await Arrivals.Recall(db, words, cancel);
    }

    private async Task<TurnTaken> InTransaction(RoutingDb db, IncomingWords words, Verdict? verdict,
        Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task>? also, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Speaker speaker = await Arrivals.Meet(db, words, now, cancel);
        if (!speaker.IsNew && words.ActivityId is { } activity && await Arrivals.HasHeard(db, speaker.Conversation.Id, activity))
            return new([], IsRepeat: true);

        speaker = await talk.Answer(db, speaker, words, verdict, now, cancel);
        await db.SaveChangesAsync(cancel);
        List<OutboxMessage> owed = [.. db.ChangeTracker.Entries<OutboxMessage>().Select(e => e.Entity)
            .Where(o => o.ConversationId == speaker.Conversation.Id && o.State == Delivery.Queued).OrderBy(o => o.Id)];
        if (words.AnswerInline)
            foreach (OutboxMessage reply in owed)
                (reply.State, reply.SentAt) = (Delivery.Sent, now);
        if (also is not null)
            await also(db, speaker, owed, now);
        return new(owed, IsRepeat: false);
    }
}
