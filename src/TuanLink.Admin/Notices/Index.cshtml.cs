using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Outbox;

namespace TuanLink.Admin.Notices;

/// <summary>What the service told this person, unread and urgent first.</summary>
public sealed class IndexModel : AdminPage
{
    public List<(Notice Notice, string? Reference)> Items { get; private set; } = [];

    public async Task OnGetAsync() =>
        Items = (await Db.Notices.Where(n => n.HandlerId == Viewer.HandlerId).OrderBy(n => n.ReadAt != null).ThenByDescending(n => n.ReadAt == null && n.IsUrgent).ThenByDescending(n => n.Id).Take(100)
            .Select(n => new { n, Reference = Db.Inquiries.Where(i => i.Id == n.InquiryId).Select(i => i.Reference).FirstOrDefault() }).ToListAsync(Cancel))
            .ConvertAll(n => (n.n, n.Reference));

    public async Task<IActionResult> OnPostAsync()
    {
        long? self = Viewer.HandlerId;
        await Try((db, cancel) => db.Notices.Where(n => n.HandlerId == self && n.ReadAt == null).ExecuteUpdateAsync(set => set.SetProperty(n => n.ReadAt, Now), cancel), "全部标为已读。");
        return RedirectToPage();
    }
}
