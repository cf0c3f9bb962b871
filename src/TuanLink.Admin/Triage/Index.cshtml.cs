using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Admin.Triage;

/// <summary>The triage desk: what the sorter was not sure of, danger first. Each has a named owner already; here its kind and topic are made sure.</summary>
public sealed class IndexModel : AdminPage
{
    private const int Shown = 60;
    public List<(Inquiry Inquiry, string Words)> Items { get; private set; } = [];
    public int Total { get; private set; }

    public async Task OnGetAsync()
    {
        IQueryable<Inquiry> waiting = Db.Inquiries.ReadableBy(Db, Viewer).Where(i => i.Status == InquiryStatus.AwaitingTriage);
        Total = await waiting.CountAsync(Cancel);
        List<Inquiry> items = await waiting.OrderByDescending(i => i.Risk == Risk.Crisis ? 2 : i.Risk == Risk.Concern ? 1 : 0)
            .ThenBy(i => i.ResponseDueAt).ThenBy(i => i.Id).Take(Shown).ToListAsync(Cancel);
        List<long> ids = items.ConvertAll(i => i.Id);
        ILookup<long?, string> words = (await Db.Messages.Where(m => m.Author == Author.Youth && m.InquiryId != null && ids.Contains(m.InquiryId.Value))
            .OrderBy(m => m.Id).Select(m => new { m.InquiryId, m.Text }).ToListAsync(Cancel)).ToLookup(m => m.InquiryId, m => m.Text);
        Items = items.ConvertAll(i => (i, string.Join("\n", words[i.Id])));
    }

    public async Task<IActionResult> OnPostAsync(string reference, Topic topic, InquiryKind kind, Urgency urgency)
    {
        if (await Db.Inquiries.ReadableBy(Db, Viewer).FirstOrDefaultAsync(i => i.Reference == reference, Cancel) is not { } found)
            return NotFound();
        await Try(async (db, cancel) => await Service<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == found.Id, cancel), Self,
            new Correction(topic, kind, urgency), Now, cancel), $"{reference} 已研判。");
        return RedirectToPage();
    }
}
