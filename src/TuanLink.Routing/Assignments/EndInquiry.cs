using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Assignments;

public sealed class ACrisisEndsOnlyWithProof() : Refusal("危急诉求须先记录联系结果、回访时间，并由第二人签字，才能结束。");
public sealed class DismissalNeedsASecondPerson() : Refusal("按垃圾信息处理须写明理由，并由另一名干部确认。");

/// <summary>An inquiry ends and the hands that held it are free. How it ended is kept apart: withdrawn and silent are never counted as solved.</summary>
public static class EndInquiry
{
    /// <summary>The youth takes it back. An open crisis goes on: taking words back does not end a danger.</summary>
    /// <returns>False if a crisis keeps it open.</returns>
    public static async Task<bool> Withdraw(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        if (inquiry.Risk == Risk.Crisis && inquiry.SignedOffBy is null)
        {
            db.Happened(inquiry.Id, now, Happening.FollowedUp, "青年要求撤回；危急处置未完成，保留并继续联系");
            db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年要求撤回，请继续确认其安全", now, inquiry.Id, urgent: true);
            return false;
        }
        await End(db, inquiry, InquiryStatus.Withdrawn, Happening.Withdrawn, "青年撤回", null, now, cancel);
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 青年已撤回", now, inquiry.Id);
        return true;
    }

    /// <summary>Spam or abuse, said so by one person and confirmed by another.</summary>
    /// <exception cref="Refusal">Reason or second person missing, the inquiry has ended, or it is a crisis.</exception>
    public static async Task Dismiss(RoutingDb db, Wording wording, Inquiry inquiry, long byId, long secondId, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        reason = Reasons.Needed(reason, () => new DismissalNeedsASecondPerson());
        if (byId == secondId || !await db.Cadres.AnyAsync(c => c.Id == secondId && c.Active, cancel))
            throw new DismissalNeedsASecondPerson();
        MustMayEnd(inquiry);
        await End(db, inquiry, InquiryStatus.Dismissed, Happening.Dismissed, $"按垃圾或辱骂信息处理：{reason}（第二人已确认）", byId, now, cancel);
        // Whoever was taken for a spammer hears it, and may say it again.
        if (await db.Conversations.FindAsync([inquiry.ConversationId], cancel) is { } conversation)
            db.Owe(conversation, wording.Say("dismissed", ("reference", inquiry.Reference)), now, inquiry.Id);
    }

    /// <summary>The youth said nothing for the set days after an answer: closed, and counted apart from resolved.</summary>
    public static Task CloseUnconfirmed(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        MustMayEnd(inquiry);
        return End(db, inquiry, InquiryStatus.Closed, Happening.Closed, "答复后青年未再回应，自动关闭（单独统计）", null, now, cancel);
    }

    /// <summary>The youth confirmed that it is solved, wholly or in part. A crisis stays open until it may end.</summary>
    /// <returns>False if a crisis keeps it open.</returns>
    public static async Task<bool> Resolve(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        if (inquiry.Risk == Risk.Crisis && inquiry.SignedOffBy is null)
            return false;
        inquiry.ResolvedAt = now;
        await db.LetGo(inquiry, now, cancel);
        inquiry.Status = InquiryStatus.Resolved;
        return true;
    }

    private static void MustMayEnd(Inquiry inquiry)
    {
        if (!inquiry.IsOpen)
            throw new InquiryIsOver();
        if (inquiry.Risk == Risk.Crisis && inquiry.SignedOffBy is null)
            throw new ACrisisEndsOnlyWithProof();
    }

    private static async Task End(RoutingDb db, Inquiry inquiry, InquiryStatus status, Happening happening, string text, long? byId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.LetGo(inquiry, now, cancel);
        inquiry.Status = status;
        inquiry.EndedAt = now;
        await AssignInquiry.CancelOffers(db, inquiry.Id, now);
        db.Happened(inquiry.Id, now, happening, text, byId);
    }
}
