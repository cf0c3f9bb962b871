using TuanLink.Routing.Database;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Outbox;

public static class Owing
{
    /// <summary>Owes the youth words of the bot, saved in the caller's transaction and sent after its commit.</summary>
    /// <param name="actions">Buttons to offer; none ever has to be used.</param>
    /// <param name="card">The same as a card, where the conversation shows them.</param>
    /// <param name="tone">A hint to the channel: safe, outcome, stars or empty.</param>
    public static OutboxMessage Owe(this RoutingDb db, Conversation to, string text, DateTimeOffset now, long? inquiryId = null,
        IReadOnlyList<string>? actions = null, string tone = "", string? replyToId = null, string card = "")
    {
        var owed = new OutboxMessage
        {
            ConversationId = to.Id,
            InquiryId = inquiryId,
            Text = text,
            Actions = actions is null ? "" : string.Join('\n', actions),
            Tone = tone,
            Card = card,
            ReplyToId = replyToId,
            CreatedAt = now,
            DueAt = now,
        };
        db.Owe(owed, to);
        return owed;
    }

    /// <summary>Puts other words in the place of a question that was answered, where its channel took it under a name of its own.</summary>
    /// <returns>None where nothing can be replaced.</returns>
    public static OutboxMessage? Replace(this RoutingDb db, Conversation to, OutboxMessage question, string text, DateTimeOffset now)
    {
        if (question.SentAs is not { } sentAs)
            return null;
        var owed = new OutboxMessage { ConversationId = to.Id, InquiryId = question.InquiryId, Text = text, ReplyToId = question.ReplyToId, Replaces = sentAs, CreatedAt = now, DueAt = now };
        db.Owe(owed, to);
        return owed;
    }

    /// <summary>Tells a cadre or expert something in their pages.</summary>
    public static void Notify(this RoutingDb db, long handlerId, string text, DateTimeOffset now, long? inquiryId = null, bool urgent = false) =>
        db.Append(new Notice { HandlerId = handlerId, InquiryId = inquiryId, Text = text, At = now, IsUrgent = urgent });
}
