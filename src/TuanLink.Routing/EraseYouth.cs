using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing;

/// <summary>
/// A youth has their data erased (删除我的数据): words, files, names and addresses are gone beyond recovery, the bare facts that figures count
/// remain, so that past totals stay identical (DOMAIN.md §7). An open crisis is not erased until somebody knows the youth is safe.
/// </summary>
public sealed class EraseYouth
{
    /// <returns>False if an open crisis keeps the record; then nothing was changed.</returns>
    public async Task<bool> Erase(RoutingDb db, Youth youth, DateTimeOffset now, CancellationToken cancel)
    {
        List<Inquiry> inquiries = await db.Inquiries.Where(i => i.YouthId == youth.Id).ToListAsync(cancel);
        if (inquiries.Any(i => i.IsOpen && i.Risk == Risk.Crisis && i.SignedOffBy is null))
            return false;
        foreach (Inquiry inquiry in inquiries)
        {
            if (inquiry.IsOpen)
                await EndInquiry.Withdraw(db, inquiry, now, cancel);
            inquiry.Headline = "";
            inquiry.RiskEvidence = "";
            inquiry.ContactOutcome = inquiry.ContactOutcome is null ? null : "已删除";
            db.Happened(inquiry.Id, now, Happening.Erased, "青年要求删除数据，内容已清除，仅保留统计所需的事实");
        }
        List<long> conversations = await db.Conversations.Where(c => c.YouthId == youth.Id).Select(c => c.Id).ToListAsync(cancel);
        List<long> ids = inquiries.ConvertAll(i => i.Id);
        await db.Messages.Where(m => conversations.Contains(m.ConversationId)).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.Text, "").SetProperty(m => m.ActivityId, (string?)null), cancel);
        List<string> files = await db.Attachments.Where(a => conversations.Contains(a.ConversationId) && a.Key != null).Select(a => a.Key!).ToListAsync(cancel);
        await AttachmentBytes.Delete(db, files, cancel);
        await db.Attachments.Where(a => conversations.Contains(a.ConversationId)).ExecuteDeleteAsync(cancel);
        await db.Transcript.Where(t => conversations.Contains(t.ConversationId)).ExecuteDeleteAsync(cancel);
        await db.Outbox.Where(o => conversations.Contains(o.ConversationId)).ExecuteDeleteAsync(cancel);
        await db.Handoffs.Where(h => ids.Contains(h.InquiryId)).ExecuteUpdateAsync(set => set
            .SetProperty(h => h.Reason, "已删除").SetProperty(h => h.DeclineReason, h => h.DeclineReason == null ? null : "已删除"), cancel);
        // Reasons that people wrote may quote the youth; what the system wrote of itself never does.
        await db.Timeline.Where(t => ids.Contains(t.InquiryId) && t.ActorId != null).ExecuteUpdateAsync(set => set.SetProperty(t => t.Text, "已删除"), cancel);
        // Who attached something stays in the audit; what it was called does not.
        List<string> references = inquiries.ConvertAll(i => i.Reference);
        await db.Audit.Where(a => a.Action == AttachToReply.Audited && references.Contains(a.Subject)).ExecuteUpdateAsync(set => set.SetProperty(a => a.Detail, "已删除"), cancel);
        await db.SortingCorrections.Where(c => ids.Contains(c.InquiryId)).ExecuteDeleteAsync(cancel);
        await db.SecondOpinions.Where(o => ids.Contains(o.InquiryId)).ExecuteDeleteAsync(cancel);
        await ProblemTitles.Forget(db, ids, cancel);
        await db.Notices.Where(n => n.InquiryId != null && ids.Contains(n.InquiryId.Value)).ExecuteDeleteAsync(cancel);
        await db.ContactLinks.Where(l => l.YouthId == youth.Id && l.Until == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, now), cancel);
        foreach (Conversation conversation in await db.Conversations.Where(c => c.YouthId == youth.Id).ToListAsync(cancel))
        {
            // The channel's ids identify a person: they are replaced, and the next word begins a new, unknown youth.
            (conversation.ChannelConversationId, conversation.ChannelUserId, conversation.ServiceUrl) = ($"erased-{conversation.Id}", "", "");
            (conversation.Pending, conversation.PendingInquiryId, conversation.PendingMessageId) = (PendingQuestion.None, null, null);
        }
        youth.Pseudonym = $"已删除-{youth.Id}";
        youth.ErasedAt = now;
        return true;
    }
}
