using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Cards;
using TuanLink.Routing;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>What a youth can have done at any time: 进度, 找人工, 撤回, 删除我的数据, 帮助; the first and the third also of one item, by its reference.</summary>
public sealed class CommandReplies(InquiryDesk desk, EraseYouth erase, Rosters rosters, SorterInUse triage, StatusCard card, Wording wording)
{
    private const int MostListed = 5;

    public async Task<Speaker> Obey(RoutingDb db, Speaker speaker, IncomingWords words, Command command, DateTimeOffset now, CancellationToken cancel)
    {
        switch (command)
        {
            case Command.Help:
                db.Owe(speaker.Conversation, wording.Say("help"), now, replyToId: words.ActivityId);
                break;
            case Command.Progress:
                await TellProgress(db, speaker, now, cancel);
                break;
            case Command.Human:
                await CallHuman(db, speaker, now, cancel);
                break;
            case Command.Withdraw:
                await Withdraw(db, speaker, now, cancel);
                break;
            case Command.KeepOpen:
                await KeepOpen(db, speaker, now, cancel);
                break;
            case Command.Erase:
                speaker.Conversation.Pending = PendingQuestion.Erase;
                db.Owe(speaker.Conversation, wording.Say("erase_confirm"), now, actions: [wording.Say("erase_confirm_button"), wording.Say("erase_cancel_button")]);
                break;
            case Command.Unlink:
                await LinkYouth.Unlink(db, await Arrivals.ToChange(db, speaker), now, cancel);
                db.Owe(speaker.Conversation, wording.Say("unlinked"), now, replyToId: words.ActivityId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command));
        }
        return speaker;
    }

    private async Task TellProgress(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        List<Inquiry> open = await Open(db, speaker, cancel);
        if (open.Count == 0)
        {
            db.Owe(speaker.Conversation, wording.Say("progress_none"), now);
            return;
        }
        Roster roster = await rosters.Current(cancel);
        db.Owe(speaker.Conversation, string.Join('\n', open.Take(MostListed).Select(i => Progress(i, roster, now))
            .Concat(open.Count > MostListed ? [wording.Say("progress_more", ("count", $"{open.Count - MostListed}"))] : [])), now, open[0].Id,
            card: speaker.Conversation.ShowsCards ? card.Of([.. open.Take(MostListed)], roster, s => wording.Say(StatusKey(s)), now) : "");
    }

    private async Task CallHuman(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        if ((await Open(db, speaker, cancel)).FirstOrDefault() is not { } latest)
        {
            db.Owe(speaker.Conversation, wording.Say("human_requested_no_item"), now);
            return;
        }
        db.Happened(latest.Id, now, Happening.HumanAsked, "青年希望由真人尽快联系");
        db.Notify(latest.HandlerId, $"{latest.Reference} 青年希望真人尽快回复", now, latest.Id, urgent: true);
        db.Owe(speaker.Conversation, wording.Say("human_requested", ("handler", (await rosters.Current(cancel)).HandlerOf(latest.HandlerId).PublicName),
            ("until", SpokenTime.Until(latest.ResponseDueAt, now))), now, latest.Id);
    }

    /// <summary>What is asked of one item, by its reference; how far it is, if no command is said. Another youth's is as if it did not exist.</summary>
    public async Task ObeyOn(RoutingDb db, Speaker speaker, Command command, string reference, DateTimeOffset now, CancellationToken cancel)
    {
        if (command == Command.Withdraw)
            await WithdrawOne(db, speaker, reference, now, cancel);
        else if (await db.Inquiries.FirstOrDefaultAsync(i => i.YouthId == speaker.Youth.Id && i.Reference == reference, cancel) is not { } inquiry)
            db.Owe(speaker.Conversation, wording.Say("progress_unknown", ("reference", reference)), now);
        else
        {
            Roster roster = await rosters.Current(cancel);
            db.Owe(speaker.Conversation, Progress(inquiry, roster, now), now, inquiry.Id,
                card: speaker.Conversation.ShowsCards && inquiry.IsOpen ? card.Of([inquiry], roster, s => wording.Say(StatusKey(s)), now) : "");
        }
    }

    private string Progress(Inquiry inquiry, Roster roster, DateTimeOffset now) => wording.Say(
        !inquiry.IsOpen ? "progress_item_over" : inquiry.RoundAnsweredAt is null ? "progress_item" : "progress_item_answered",
        ("reference", inquiry.Reference), ("status", wording.Say(StatusKey(inquiry.Status))),
        ("handler", roster.HandlerOf(inquiry.HandlerId).PublicName), ("until", SpokenTime.Until(inquiry.ResponseDueAt, now)));

    private async Task Withdraw(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        List<Inquiry> open = await Open(db, speaker, cancel);
        if (open.Count > 1)
            AskWhich(db, speaker, open, now);
        else if (open.Count == 1)
            await WithdrawOne(db, speaker, open[0].Reference, now, cancel);
        else
            db.Owe(speaker.Conversation, wording.Say("nothing_to_withdraw"), now);
    }

    /// <summary>The words sounded as if the youth took the matter back, and may have meant something else: nothing is taken back before it is said so.
    /// What is withdrawn by mistake nobody answers, and no figure counts it.</summary>
    public async Task AskWhetherWithdrawn(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        List<Inquiry> open = await Open(db, speaker, cancel);
        if (open.Count > 1)
        {
            AskWhich(db, speaker, open, now);
            return;
        }
        speaker.Conversation.Pending = PendingQuestion.WithdrawWhich;
        db.Owe(speaker.Conversation, wording.Say("withdraw_sure", ("reference", open[0].Reference)), now, open[0].Id,
            [wording.Say("withdraw_choice", ("reference", open[0].Reference)), wording.Say("withdraw_keep_choice")]);
    }

    private void AskWhich(RoutingDb db, Speaker speaker, List<Inquiry> open, DateTimeOffset now)
    {
        speaker.Conversation.Pending = PendingQuestion.WithdrawWhich;
        db.Owe(speaker.Conversation, wording.Say("withdraw_which"), now,
            actions: [.. open.Take(MostListed).Select(i => wording.Say("withdraw_choice", ("reference", i.Reference))), wording.Say("withdraw_keep_choice")]);
    }

    private async Task KeepOpen(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        if (speaker.Conversation.Pending == PendingQuestion.WithdrawWhich)
            speaker.Conversation.Pending = PendingQuestion.None;
        Inquiry? latest = (await Open(db, speaker, cancel)).FirstOrDefault();
        db.Owe(speaker.Conversation, wording.Say(latest is null ? "progress_none" : "withdraw_not"), now, latest?.Id);
    }

    /// <summary>Withdraws one item of this youth; another's reference is as if it did not exist.</summary>
    public async Task WithdrawOne(RoutingDb db, Speaker speaker, string reference, DateTimeOffset now, CancellationToken cancel)
    {
        speaker.Conversation.Pending = PendingQuestion.None;
        Inquiry? inquiry = (await Open(db, speaker, cancel)).FirstOrDefault(i => i.Reference == reference);
        string said = inquiry is null ? "nothing_to_withdraw" : await EndInquiry.Withdraw(db, inquiry, now, cancel) ? "withdrawn" : "withdraw_kept";
        db.Owe(speaker.Conversation, wording.Say(said, ("reference", reference)), now, inquiry?.Id, tone: said == "withdraw_kept" ? "safe" : "");
    }

    /// <summary>The message in question was another matter: it becomes an inquiry of its own.</summary>
    public async Task MoveToNewInquiry(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        Conversation conversation = speaker.Conversation;
        long? messageId = conversation.PendingMessageId;
        (conversation.Pending, conversation.PendingInquiryId, conversation.PendingMessageId) = (PendingQuestion.None, null, null);
        if (messageId is null || await db.Messages.FindAsync([messageId.Value], cancel) is not { } message)
            return;
        await desk.Open(db, conversation, speaker.Youth, message, triage.Sort(message.Text, TriageContext.First), now, cancel);
    }

    /// <summary>Erases the youth. The answer goes to the same place, which from now on belongs to somebody not met before.</summary>
    public async Task<Speaker> Erase(RoutingDb db, Speaker speaker, DateTimeOffset now, CancellationToken cancel)
    {
        Conversation old = speaker.Conversation;
        var address = new IncomingWords(old.Channel, old.ChannelConversationId, null, old.ChannelUserId, old.ChannelBotId, old.ServiceUrl, "", ShowsCards: old.ShowsCards);
        await db.SaveChangesAsync(cancel);
        if (!await erase.Erase(db, await Arrivals.ToChange(db, speaker), now, cancel))
        {
            old.Pending = PendingQuestion.None;
            db.Owe(old, wording.Say("erase_waits_for_safety"), now, tone: "safe");
            return speaker;
        }
        await db.SaveChangesAsync(cancel);
        Speaker unknown = Arrivals.Begin(db, address, now) with { AfterErasure = true };
        unknown.Conversation.WelcomedAt = now;
        db.Owe(unknown.Conversation, wording.Say("erased"), now);
        return unknown;
    }

    private static Task<List<Inquiry>> Open(RoutingDb db, Speaker speaker, CancellationToken cancel) => db.Inquiries
        .Where(i => i.YouthId == speaker.Youth.Id && (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned
            || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened))
        .OrderByDescending(i => i.Id).ToListAsync(cancel);

    private static string StatusKey(InquiryStatus status) => status switch
    {
        InquiryStatus.AwaitingTriage => "status_awaiting_triage",
        InquiryStatus.Assigned => "status_assigned",
        InquiryStatus.Answered => "status_answered",
        InquiryStatus.Reopened => "status_reopened",
        InquiryStatus.Resolved => "status_resolved",
        InquiryStatus.Closed => "status_closed",
        InquiryStatus.Withdrawn => "status_withdrawn",
        InquiryStatus.Dismissed => "status_dismissed",
        InquiryStatus.Merged => "status_merged",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
