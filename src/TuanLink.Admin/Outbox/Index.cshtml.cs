using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;

namespace TuanLink.Admin.Outbox;

/// <summary>What could not be delivered and what waits, without the words: an unread answer is no answer.</summary>
public sealed class IndexModel : AdminPage
{
    public sealed record Row(OutboxMessage Owed, string? Reference, string Channel);

    public List<Row> Dead { get; private set; } = [];
    public List<Row> Retrying { get; private set; } = [];
    public int Queued { get; private set; }

    public async Task OnGetAsync()
    {
        IQueryable<OutboxMessage> mine = Mine();
        Dead = await Rows(mine.Where(o => o.State == Delivery.Dead).OrderByDescending(o => o.Id));
        Retrying = await Rows(mine.Where(o => o.State == Delivery.Queued && o.Attempts > 0).OrderBy(o => o.DueAt));
        Queued = await mine.CountAsync(o => o.State == Delivery.Queued, Cancel);
    }

    public async Task<IActionResult> OnPostAsync(long id)
    {
        if (!await Mine().AnyAsync(o => o.Id == id, Cancel))
            return NotFound();
        await Try((db, cancel) => Service<RecordDelivery>().Resend(db, id, Now, cancel), "已重新排队发送。");
        return RedirectToPage();
    }

    private IQueryable<OutboxMessage> Mine()
    {
        var units = Routing.Assignments.Sight.CountableBy(Db.Units, Db, Viewer);
        return Db.Outbox.Where(o => Db.Inquiries.Any(i => i.Id == o.InquiryId && units.Any(u => u.Id == i.UnitId))
            || (o.InquiryId == null && Viewer.Role == Routing.Assignments.Role.SystemAdministrator));
    }

    private async Task<List<Row>> Rows(IQueryable<OutboxMessage> owed) => (await owed.Take(100)
        .Select(o => new { o, Reference = Db.Inquiries.Where(i => i.Id == o.InquiryId).Select(i => i.Reference).FirstOrDefault(), Channel = Db.Conversations.Where(c => c.Id == o.ConversationId).Select(c => c.Channel).FirstOrDefault() })
        .ToListAsync(Cancel)).ConvertAll(r => new Row(r.o, r.Reference, r.Channel ?? "—"));
}
