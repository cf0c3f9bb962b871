using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Cards;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>
/// What a press on a card does. A press comes from the wire and may say anything: it reaches only what this very conversation was asked
/// about and could also have said in words. Whatever else it says changes nothing and is answered calmly.
/// </summary>
public sealed class CardClicks(CommandReplies commands, RecordConfirmation confirmations, Wording wording)
{
    public async Task<Speaker> Take(RoutingDb db, Speaker speaker, IncomingWords words, CardClick click, DateTimeOffset now, CancellationToken cancel)
    {
        Message message = Pressed(speaker.Conversation, words, now);
        db.Append(message);
        switch (click)
        {
            case CardClick.Helped helped when await Asked(db, speaker.Conversation, helped, cancel) is { } inquiry:
                (message.InquiryId, message.Text) = (inquiry.Id, ChineseNames.Of(helped.Said));
                await confirmations.Say(db, speaker.Conversation, inquiry, helped.Said, now, cancel, helped.Stars);
                return speaker;
            case CardClick.Withdraw withdraw:
                message.Text = $"{wording.Say("status_withdraw")} {withdraw.Reference}";
                await commands.WithdrawOne(db, speaker, withdraw.Reference, now, cancel);
                return speaker;
            case CardClick.Human:
                message.Text = wording.Say("status_human");
                return await commands.Obey(db, speaker, words, Command.Human, now, cancel);
            default:
                db.Owe(speaker.Conversation, wording.Say("card_unknown"), now, replyToId: words.ActivityId);
                return speaker;
        }
    }

    // The question must have been asked here, be the latest about its item, and its round not be over: as when the words are typed.
    private static async Task<Inquiry?> Asked(RoutingDb db, Conversation conversation, CardClick.Helped helped, CancellationToken cancel)
    {
        if (await db.Inquiries.FirstOrDefaultAsync(i => i.Reference == helped.Reference && i.ConversationId == conversation.Id, cancel) is not { } inquiry
            || await db.Confirmations.Where(c => c.InquiryId == inquiry.Id).MaxAsync(c => (int?)c.Round, cancel) != helped.Round)
            return null;
        bool isPending = conversation is { Pending: PendingQuestion.Helpful or PendingQuestion.Stars } && conversation.PendingInquiryId == inquiry.Id;
        return isPending || inquiry is { Status: InquiryStatus.Answered or InquiryStatus.Closed or InquiryStatus.Resolved } ? inquiry : null;
    }

    private static Message Pressed(Conversation conversation, IncomingWords words, DateTimeOffset now) => new()
    {
        ConversationId = conversation.Id,
        Author = Author.Youth,
        Text = "",
        At = now,
        ActivityId = words.ActivityId,
    };
}
