using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>What came of a turn: the words owed in answer, already on disk.</summary>
/// <param name="IsRepeat">The channel sent an activity again that was taken before: nothing was done.</param>
public sealed record TurnTaken(Conversation Conversation, IReadOnlyList<OutboxMessage> Replies, bool IsRepeat)
{
    /// <summary>The words were taken for abuse or an advertisement.</summary>
    public bool WasAbuse { get; init; }
}

/// <summary>One turn of a conversation: recalled, sorted and taken in one transaction; when this returns, it is on disk.</summary>
public sealed class Turns(ITransactions transactions, SorterInUse triage, Talk talk, IHearsTurns hears, TimeProvider time)
{
    /// <summary>The longest message taken whole, in UTF-16 units.</summary>
    public const int LongestText = 4000;

    /// <param name="also">What the channel itself must keep in the same transaction, e.g. the echo of the youth's words.</param>
    public async Task<TurnTaken> Take(IncomingWords words, Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task>? also, CancellationToken cancel)
    {
        // Read before the turn comes: whoever writes next waits for what is done in it.
        Func<TriageContext, Verdict>? read = words.Text.Length == 0 ? null : triage.Read(words.Text.Length <= LongestText ? words.Text : words.Text[..LongestText]);
        TurnTaken taken = await transactions.Run((db, inner) => InTransaction(db, words, read, also, inner), cancel);
        if (!taken.IsRepeat)
            hears.Heard(words, taken);
        return taken;
    }

    private async Task<TurnTaken> InTransaction(RoutingDb db, IncomingWords words, Func<TriageContext, Verdict>? read,
        Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task>? also, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Speaker speaker = await Arrivals.Meet(db, words, now);
        if (!speaker.IsNew && words.ActivityId is { } activity && await Arrivals.HasHeard(db, speaker.Conversation.Id, activity))
            return new(speaker.Conversation, [], IsRepeat: true);

        KnownSoFar known = await Arrivals.Recall(db, speaker);
        speaker = await talk.Answer(db, speaker, known.Open, words, Sort(read, known), now, cancel);
        List<OutboxMessage> owed = [.. db.Owed.Select(o => o.Message).Where(o => o.ConversationId == speaker.Conversation.Id && o.Replaces is null)];
        // Whatever is said in a turn answers the activity that began it; a channel's protocol asks every reply to name it.
        foreach (OutboxMessage reply in owed)
            reply.ReplyToId ??= words.ActivityId;
        if (words.AnswerInline)
            foreach (OutboxMessage reply in owed)
                (reply.State, reply.SentAt) = (Delivery.Sent, now);
        if (also is not null)
            await also(db, speaker, owed, now);
        return new(speaker.Conversation, owed, IsRepeat: false) { WasAbuse = speaker.WasAbuse };
    }

    private static Verdict? Sort(Func<TriageContext, Verdict>? read, KnownSoFar known) => read?.Invoke(new TriageContext(known.EarlierTexts,
        known.Open is { } open ? new OpenInquiry(open.Topic, open.Headline, known.SaidOnOpen) : null, known.Open?.Risk ?? Risk.None));
}
