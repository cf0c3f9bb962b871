using Microsoft.EntityFrameworkCore;
using TuanLink.Routing;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>
/// What the bot says and when. Fixed words first: answers to what the bot asked, and commands. Then danger, which no small talk hides; then
/// what is no inquiry at all; and whatever remains is one. Nothing the bot asks ever has to be answered.
/// </summary>
public sealed class Talk(InquiryDesk desk, CommandReplies commands, CardClicks clicks, RecordConfirmation confirmations, RecordAttachments attachments, Wording wording)
{
    /// <summary>Takes the words and owes what is to be said; returns who is spoken to from now on (another after an erasure).</summary>
    /// <param name="open">The matter of this conversation that is still open.</param>
    /// <param name="verdict">None only where there are no words.</param>
    public async Task<Speaker> Answer(RoutingDb db, Speaker speaker, Inquiry? open, IncomingWords words, Verdict? verdict, DateTimeOffset now, CancellationToken cancel)
    {
        (Conversation conversation, Youth youth, _) = speaker;
        if (words.Click is { } click)
            return await clicks.Take(db, speaker, words, click, now, cancel);
        if (words.IsArrival || (verdict is null && words.Files.Count == 0))
        {
            if (!Welcome(db, conversation, youth, now) && !words.IsArrival)
                db.Owe(conversation, wording.Say("empty_message"), now, replyToId: words.ActivityId);
            if (!words.IsArrival)
                db.Append(Heard(conversation, words, now));
            return speaker;
        }

        Message message = Heard(conversation, words, now);
        db.Append(message);
        IReadOnlyList<Attachment> files = RecordAttachments.Add(db, message, words.Files, now);
        Speaker after = verdict is null ? await TakeFilesAlone(db, speaker, words, message, open, now, cancel) : await TakeWords(db, speaker, words, message, verdict, open, now, cancel);
        // After an erasure there is nobody to tell any more.
        if (!after.AfterErasure)
            attachments.TellFailures(db, conversation, message, files, now);
        return after;
    }

    private async Task<Speaker> TakeWords(RoutingDb db, Speaker speaker, IncomingWords words, Message message, Verdict verdict, Inquiry? open, DateTimeOffset now, CancellationToken cancel)
    {
        if (message.Text.Length < words.Text.Length)
            db.Owe(speaker.Conversation, wording.Say("too_long", ("limit", Turns.LongestText.ToString(System.Globalization.CultureInfo.InvariantCulture))), now);

        // Fixed words (5星, 解决了, 进度) are what they are: no sorter, however careful, finds a danger in them.
        if (await AnsweredQuestion(db, speaker, message, open, now, cancel) is { } after)
            return after;
        Command command = SpokenCommands.CommandIn(message.Text);
        // Whoever read that the youth was asked reads the answer too.
        if (command == Command.KeepOpen)
            message.InquiryId = open?.Id;
        bool hasFiles = words.Files.Count > 0;
        // A picture beside 进度 or 你好 is there for a person to look at; what takes back or erases is done whatever comes with it.
        if (command != Command.None && !(hasFiles && command is Command.Help or Command.Progress or Command.Human))
            return await commands.Obey(db, speaker, words, command, now, cancel);
        if (!hasFiles && SpokenCommands.ItemIn(message.Text) is { } item)
        {
            await commands.ObeyOn(db, speaker, item.Command, item.Reference, now, cancel);
            return speaker;
        }
        if (verdict.Risk == Risk.None && !hasFiles && await SmallTalk(db, speaker, words, message, verdict, open, now, cancel) is { } talked)
            return talked;

        await TakeInquiry(db, speaker, message, hasFiles && verdict.Act != ConversationAct.Inquiry ? verdict with { NeedsHuman = true } : verdict, open, now, cancel);
        return speaker;
    }

    // Nobody can sort what has no words: it joins what is open, or waits at the triage desk.
    private async Task<Speaker> TakeFilesAlone(RoutingDb db, Speaker speaker, IncomingWords words, Message message, Inquiry? open, DateTimeOffset now, CancellationToken cancel)
    {
        if (words.Files.All(f => f.Failure is not null))
            message.InquiryId = open?.Id;
        else if (open is not null)
            await desk.FollowUp(db, speaker.Conversation, open, message, Verdict.OfNoWords, now, cancel);
        else
            await desk.Open(db, speaker.Conversation, speaker.Youth, message, Verdict.OfNoWords, now, cancel);
        return speaker;
    }

    private async Task TakeInquiry(RoutingDb db, Speaker speaker, Message message, Verdict verdict, Inquiry? open, DateTimeOffset now, CancellationToken cancel)
    {
        if (open is null || (verdict.Relation == TurnRelation.NewTopic && open.Risk < Risk.Crisis))
        {
            await desk.Open(db, speaker.Conversation, speaker.Youth, message, verdict, now, cancel);
            return;
        }
        await desk.FollowUp(db, speaker.Conversation, open, message, verdict, now, cancel);
        if (verdict.Relation != TurnRelation.Unsure || open.Risk == Risk.Crisis || open.Topic == verdict.Topic)
            return;
        (speaker.Conversation.Pending, speaker.Conversation.PendingInquiryId, speaker.Conversation.PendingMessageId) = (PendingQuestion.SameOrNew, open.Id, message.Id);
        db.Owe(speaker.Conversation, wording.Say("ask_same_or_new", ("reference", open.Reference)), now, open.Id,
            [wording.Say("joined_choice"), wording.Say("new_choice")]);
    }

    /// <returns>None if the words do not answer what the bot asked.</returns>
    private async Task<Speaker?> AnsweredQuestion(RoutingDb db, Speaker speaker, Message message, Inquiry? open, DateTimeOffset now, CancellationToken cancel)
    {
        Conversation conversation = speaker.Conversation;
        if (conversation.Pending is not (PendingQuestion.None or PendingQuestion.Stars) && await Choices.Numbered(db, conversation, message.Text, cancel) is { } choice)
            message.Text = choice;
        if (SpokenCommands.OutcomeIn(message.Text) is { } outcome && await AskedAbout(db, conversation, open, cancel) is { } asked)
        {
            message.InquiryId = asked.Id;
            await confirmations.Say(db, conversation, asked, outcome, now, cancel);
            return speaker;
        }
        switch (conversation.Pending)
        {
            case PendingQuestion.Stars when SpokenCommands.StarsIn(message.Text) is { } stars && await db.Inquiries.FindAsync([conversation.PendingInquiryId!.Value], cancel) is { } rated:
                message.InquiryId = rated.Id;
                await confirmations.Rate(db, conversation, rated, stars, now, cancel);
                return speaker;
            case PendingQuestion.SameOrNew when SpokenCommands.IsSame(message.Text, wording.Say("joined_choice")):
                (conversation.Pending, conversation.PendingMessageId) = (PendingQuestion.None, null);
                db.Owe(conversation, wording.Say("joined", ("reference", open?.Reference ?? "")), now, open?.Id);
                return speaker;
            case PendingQuestion.SameOrNew when SpokenCommands.IsSame(message.Text, wording.Say("new_choice")):
                await commands.MoveToNewInquiry(db, speaker, now, cancel);
                return speaker;
            case PendingQuestion.Erase when SpokenCommands.IsSame(message.Text, wording.Say("erase_confirm_button")):
                return await commands.Erase(db, speaker, now, cancel);
            case PendingQuestion.Erase when SpokenCommands.IsSame(message.Text, wording.Say("erase_cancel_button")):
                conversation.Pending = PendingQuestion.None;
                db.Owe(conversation, wording.Say("erase_cancelled"), now);
                return speaker;
            case PendingQuestion.WithdrawWhich when SpokenCommands.ItemIn(message.Text) is { Command: Command.None or Command.Withdraw } item:
                await commands.WithdrawOne(db, speaker, item.Reference, now, cancel);
                return speaker;
            default:
                return null;
        }
    }

    // The item asked about last; 没有解决 may also come long after, on one that closed itself.
    private static async Task<Inquiry?> AskedAbout(RoutingDb db, Conversation conversation, Inquiry? open, CancellationToken cancel)
    {
        if (conversation is { Pending: PendingQuestion.Helpful or PendingQuestion.Stars, PendingInquiryId: { } id })
            return await db.Inquiries.FindAsync([id], cancel);
        if (open is { RoundAnsweredAt: not null })
            return open;
        return open is not null ? null : await db.Inquiries
            .Where(i => i.ConversationId == conversation.Id && (i.Status == InquiryStatus.Closed || i.Status == InquiryStatus.Resolved))
            .OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancel);
    }

    private async Task<Speaker?> SmallTalk(RoutingDb db, Speaker speaker, IncomingWords words, Message message, Verdict verdict, Inquiry? open, DateTimeOffset now, CancellationToken cancel)
    {
        Conversation conversation = speaker.Conversation;
        if (open is not null && verdict.Act != ConversationAct.Inquiry)
            // Of a call for a person its handler hears in any case.
            InquiryDesk.SaidBeside(db, open, message, notify: verdict.Act != ConversationAct.AskHuman, now);
        switch (verdict.Act)
        {
            case ConversationAct.Greeting:
                if (!Welcome(db, conversation, speaker.Youth, now))
                    db.Owe(conversation, wording.Say("greeting"), now, replyToId: message.ActivityId);
                return speaker;
            case ConversationAct.ThanksClose:
                db.Owe(conversation, wording.Say("thanks"), now, replyToId: message.ActivityId);
                return speaker;
            case ConversationAct.StatusQuery when open is not null:
                return await commands.Obey(db, speaker, words, Command.Progress, now, cancel);
            case ConversationAct.AskHuman:
                return await commands.Obey(db, speaker, words, Command.Human, now, cancel);
            case ConversationAct.Withdraw when open is not null:
                await commands.AskWhetherWithdrawn(db, speaker, now, cancel);
                return speaker;
            case ConversationAct.Erase:
                return await commands.Obey(db, speaker, words, Command.Erase, now, cancel);
            case ConversationAct.AbuseOrAd:
                db.Owe(conversation, wording.Say(LooksLikeAdvertisement(message.Text) ? "advertisement" : "abuse"), now, replyToId: message.ActivityId);
                return speaker with { WasAbuse = true };
            default:
                return null;
        }
    }

    private bool Welcome(RoutingDb db, Conversation conversation, Youth youth, DateTimeOffset now)
    {
        if (conversation.WelcomedAt is not null)
            return false;
        conversation.WelcomedAt = now;
        db.Owe(conversation, wording.Say("welcome", ("pseudonym", youth.Pseudonym)), now);
        return true;
    }

    private static Message Heard(Conversation conversation, IncomingWords words, DateTimeOffset now) => new()
    {
        ConversationId = conversation.Id,
        Author = Author.Youth,
        Text = Cut(words.Text),
        At = now,
        ActivityId = words.ActivityId,
    };

    private static string Cut(string text) =>
        text.Length <= Turns.LongestText ? text : text[..(char.IsHighSurrogate(text[Turns.LongestText - 1]) ? Turns.LongestText - 1 : Turns.LongestText)];

    // An advertisement gives a way to be reached or a price; an insult gives neither.
    private static bool LooksLikeAdvertisement(string text) =>
        text.Any(char.IsAsciiDigit) || text.Contains("微信", StringComparison.Ordinal) || text.Contains('薇') || text.Contains("http", StringComparison.OrdinalIgnoreCase)
        || text.Contains("兼职", StringComparison.Ordinal) || text.Contains("代", StringComparison.Ordinal) || text.Contains('贷') || text.Contains("加我", StringComparison.Ordinal);
}
