using System.Security.Cryptography;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>Who is speaking: the conversation and the youth behind it, known or met just now.</summary>
/// <param name="Youth">To read only; <see cref="Arrivals.ToChange"/> gives the one whose changes are saved.</param>
public sealed record Speaker(Conversation Conversation, Youth Youth, bool IsNew)
{
    /// <summary>Whoever spoke has just had everything erased, what came with the very words included.</summary>
    public bool AfterErasure { get; init; }

    /// <summary>What was said just now was taken for abuse or an advertisement: nobody is asked to look at it.</summary>
    public bool WasAbuse { get; init; }
}

/// <summary>What was said before in a conversation and what of it is still open.</summary>
/// <param name="EarlierTexts">The youth's latest words, oldest first.</param>
/// <param name="SaidOnOpen">Those of them that belong to what is open.</param>
public sealed record KnownSoFar(IReadOnlyList<string> EarlierTexts, Inquiry? Open, IReadOnlyList<string> SaidOnOpen)
{
    public static KnownSoFar Nothing { get; } = new([], null, []);
}

public static class Arrivals
{
    // No 0/O, 1/I/L: a pseudonym can be read aloud.
    private const string PseudonymLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    private static readonly RowQuery<Conversation> ByChannelId = new("channel = $1 AND channel_conversation_id = $2", locks: true);

    private static readonly RowQuery<Youth> YouthById = new("id = $1");

    private static readonly PreparedSql LatestTexts =
        new($"SELECT text, inquiry_id FROM messages WHERE conversation_id = $1 AND author = '{nameof(Author.Youth)}' ORDER BY id DESC LIMIT {TriageContext.Remembered}");

    private static readonly RowQuery<Inquiry> LatestOpen = new(
        $"conversation_id = $1 AND status IN ('{nameof(InquiryStatus.AwaitingTriage)}', '{nameof(InquiryStatus.Assigned)}', '{nameof(InquiryStatus.Answered)}', '{nameof(InquiryStatus.Reopened)}') ORDER BY id DESC");

    private static readonly PreparedSql Heard = new("SELECT 1 FROM messages WHERE conversation_id = $1 AND activity_id = $2");

    /// <summary>Reads what came before; nothing for a conversation met just now.</summary>
    public static async Task<KnownSoFar> Recall(RoutingDb db, Speaker speaker) => speaker.IsNew ? KnownSoFar.Nothing
        : Known(await Said(db, speaker.Conversation.Id), await LatestOpen.First(db, speaker.Conversation.Id));

    /// <summary>Reads what came before, outside of any turn and to read only.</summary>
    public static async Task<KnownSoFar> Recall(RoutingDb db, IncomingWords words) =>
        await ByChannelId.Peek(db, words.Channel, words.ConversationId) is { } known
            ? Known(await Said(db, known.Id), await LatestOpen.Peek(db, known.Id))
            : KnownSoFar.Nothing;

    private static KnownSoFar Known(List<(string Text, long? InquiryId)> said, Inquiry? open) => new([.. said.Select(s => s.Text)], open,
        open is null ? [] : [.. said.Where(s => s.InquiryId == open.Id).Select(s => s.Text)]);

    private static async Task<List<(string Text, long? InquiryId)>> Said(RoutingDb db, long conversationId)
    {
        List<(string, long?)> said = await LatestTexts.Read(db, row => (row.Text(0), row.IsNull(1) ? (long?)null : row.Number(1)), conversationId);
        said.Reverse();
        return said;
    }

    /// <summary>The conversation and its youth, made if they are new; on PostgreSQL locked until the transaction ends, so that one youth's words are taken one by one.</summary>
    public static async Task<Speaker> Meet(RoutingDb db, IncomingWords words, DateTimeOffset now)
    {
        if (await ByChannelId.First(db, words.Channel, words.ConversationId) is not { } known)
            return Begin(db, words, now);
        Refresh(known, words, now);
        return new(known, await YouthById.Peek(db, known.YouthId) ?? throw new InvalidOperationException("A conversation has no youth."), false);
    }

    /// <summary>The speaker's youth, to be changed in this transaction.</summary>
    public static async ValueTask<Youth> ToChange(RoutingDb db, Speaker speaker) =>
        speaker.IsNew ? speaker.Youth : await YouthById.First(db, speaker.Youth.Id) ?? speaker.Youth;

    /// <summary>A youth nobody has met, with a pseudonym of their own.</summary>
    public static Speaker Begin(RoutingDb db, IncomingWords words, DateTimeOffset now)
    {
        var youth = new Youth { Pseudonym = NewPseudonym(), CreatedAt = now };
        db.Append(youth);
        var conversation = new Conversation { YouthId = youth.Id, Channel = words.Channel, ChannelConversationId = words.ConversationId };
        Refresh(conversation, words, now);
        db.Conversations.Add(conversation);
        return new(conversation, youth, true);
    }

    public static async Task<bool> HasHeard(RoutingDb db, long conversationId, string activityId) =>
        await Heard.First(db, _ => true, false, conversationId, activityId);

    private static void Refresh(Conversation conversation, IncomingWords words, DateTimeOffset now)
    {
        conversation.LastInboundAt = now;
        conversation.ShowsCards = words.ShowsCards;
        // The latest address is the one that works.
        if (words.ServiceUrl.Length > 0)
            conversation.ServiceUrl = words.ServiceUrl;
        if (words.UserId.Length > 0)
            conversation.ChannelUserId = words.UserId;
        if (words.BotId.Length > 0)
            conversation.ChannelBotId = words.BotId;
    }

    // Seven letters of 31: among a million youths one new name in 27,000 is taken, and then the unique index has the turn run anew.
    private static string NewPseudonym() => "青年-" + RandomNumberGenerator.GetString(PseudonymLetters, 7);
}
