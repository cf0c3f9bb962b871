using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.Chases;

/// <summary>The overdue board: who keeps whom waiting, and what was done about it. An auditor sees it without words.</summary>
public sealed class IndexModel : AdminPage
{
    private const int Shown = 200;
    public List<(Inquiry Inquiry, string Steps)> Items { get; private set; } = [];
    public int Total { get; private set; }
    public bool MayRead => Viewer.Role != Role.Auditor;

    public async Task OnGetAsync()
    {
        DateTimeOffset now = Now;
        IQueryable<Unit> units = Db.Units.CountableBy(Db, Viewer);
        IQueryable<Inquiry> late = Inquiries.IndexModel.Open(Db.Inquiries)
            .Where(i => i.RoundAnsweredAt == null && i.ResponseDueAt < now && units.Any(u => u.Id == i.UnitId) && (i.AboutCadreId == null || i.AboutCadreId != Viewer.HandlerId));
        Total = await late.CountAsync(Cancel);
        List<Inquiry> items = await late.OrderByDescending(i => i.Risk == Risk.Crisis).ThenBy(i => i.ResponseDueAt).Take(Shown).ToListAsync(Cancel);
        List<long> ids = items.ConvertAll(i => i.Id);
        List<ChaseMark> marks = await Db.ChaseMarks.Where(m => ids.Contains(m.InquiryId)).OrderBy(m => m.Id).ToListAsync(Cancel);
        Items = items.ConvertAll(i => (i, string.Join("、", marks.Where(m => m.InquiryId == i.Id && m.Round == i.Round).Select(m => Name(m.Step)))));
    }

    private static string Name(string step) => step switch
    {
        "half" => "50% 提醒",
        "four-fifths" => "80% 提醒",
        "overdue" => "超时上报",
        "reassign" => "改派",
        "effective-overdue" => "有效答复超期",
        _ when step.StartsWith("level-", StringComparison.Ordinal) => $"上报第 {step["level-".Length..]} 级",
        _ when step.StartsWith("crisis-", StringComparison.Ordinal) => $"危急呼叫 {step["crisis-".Length..]}",
        _ => step,
    };
}
