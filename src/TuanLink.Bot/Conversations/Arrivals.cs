using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;


/// <summary>Who is speaking: the conversation and the youth behind it, known or met just now.</summary>
public sealed record Speaker(Conversation Conversation, Youth Youth, bool IsNew);

/// <summary>What is known of a conversation when words come in, read ahead of the transaction so that sorting needs no place in it.</summary>
public sealed record KnownSoFar(IReadOnlyList<string> EarlierTexts, Topic? OpenTopic, string OpenText, Risk Risk)
{
    public static KnownSoFar Nothing { get; } = new([], null, "", Risk.None);
}

public static class Arrivals
{
    private const int EarlierTexts = 12;

    // No 0/O, 1/I/L: a pseudonym can be read aloud.
    private const string PseudonymLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    private static readonly Func<RoutingDb, string, string, Task<Conversation?>> ByChannelId =
        EF.CompileAsyncQuery((RoutingDb db, string channel, string id) => db.Conversations.FirstOrDefault(c => c.Channel == channel && c.ChannelConversationId == id));

    private static readonly Func<RoutingDb, string, string, Task<long>> IdByChannelId =
        EF.CompileAsyncQuery((RoutingDb db, string channel, string id) => db.Conversations.Where(c => c.Channel == channel && c.ChannelConversationId == id).Select(c => c.Id).FirstOrDefault());

    private static readonly Func<RoutingDb, long, IAsyncEnumerable<string>> LatestTexts =
        EF.CompileAsyncQuery((RoutingDb db, long conversation) => db.Messages
            .Where(m => m.ConversationId == conversation && m.Author == Author.Youth).OrderByDescending(m => m.Id).Select(m => m.Text).Take(EarlierTexts));

    private static readonly Func<RoutingDb, long, Task<Inquiry?>> LatestOpen =
        EF.CompileAsyncQuery((RoutingDb db, long conversation) => db.Inquiries
            .Where(i => i.ConversationId == conversation && (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned
                || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened))
            .OrderByDescending(i => i.Id).FirstOrDefault());

    private static readonly Func<RoutingDb, long, string, Task<bool>> Heard =
        EF.CompileAsyncQuery((RoutingDb db, long conversation, string activity) => db.Messages.Any(m => m.ConversationId == conversation && m.ActivityId == activity));

    /// <summary>Reads what came before; nothing for a conversation not met yet.</summary>
    public static async Task<KnownSoFar> Recall(RoutingDb db, IncomingWords words, CancellationToken cancel)
    {
        long id = await IdByChannelId(db, words.Channel, words.ConversationId);
        if (id == 0)
            return KnownSoFar.Nothing;
        var texts = new List<string>();
        await foreach (string text in LatestTexts(db, id).WithCancellation(cancel))
            texts.Insert(0, text);
        Inquiry? open = await LatestOpen(db, id);
        return new(texts, open?.Topic, open?.Headline ?? "", open?.Risk ?? Risk.None);
    }

    /// <summary>The conversation and its youth, made if they are new; on PostgreSQL locked until the transaction ends, so that one youth's words are taken one by one.</summary>
    public static async Task<Speaker> Meet(RoutingDb db, IncomingWords words, DateTimeOffset now, CancellationToken cancel)
    {
        if (await ByChannelId(db, words.Channel, words.ConversationId) is { } known)
        {
            if (db.Database.IsNpgsql())
                await db.Database.ExecuteSqlAsync($"SELECT 1 FROM conversations WHERE id = {known.Id} FOR UPDATE", cancel);
            Refresh(known, words, now);
            return new(known, await db.Youths.FindAsync([known.YouthId], cancel) ?? throw new InvalidOperationException("A conversation has no youth."), false);
        }
        return await Begin(db, words, now, cancel);
    }

    /// <summary>A youth nobody has met, with a pseudonym of their own.</summary>
    public static async Task<Speaker> Begin(RoutingDb db, IncomingWords words, DateTimeOffset now, CancellationToken cancel)
    {
        var youth = new Youth { Pseudonym = NewPseudonym(), CreatedAt = now };
        db.Youths.Add(youth);
        await db.SaveChangesAsync(cancel);
        var conversation = new Conversation { YouthId = youth.Id, Channel = words.Channel, ChannelConversationId = words.ConversationId };
        Refresh(conversation, words, now);
        db.Conversations.Add(conversation);
        await db.SaveChangesAsync(cancel);
        return new(conversation, youth, true);
    }

    public static Task<bool> HasHeard(RoutingDb db, long conversationId, string activityId) => Heard(db, conversationId, activityId);

    public static Task<Inquiry?> OpenInquiry(RoutingDb db, long conversationId) => LatestOpen(db, conversationId);

    private static void Refresh(Conversation conversation, IncomingWords words, DateTimeOffset now)
    {
        conversation.LastInboundAt = now;
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
