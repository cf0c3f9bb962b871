using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.ProblemLists;

/// <summary>A cadre's problem list: recurrent problems first, each traceable to its inquiries. An auditor sees counts, no words.</summary>
public sealed class IndexModel : AdminPage
{
    [FromQuery(Name = "month")] public string? MonthText { get; set; }
    [FromQuery(Name = "cadre")] public long? CadreId { get; set; }

    public Month Month { get; private set; }
    public List<Cadre> Cadres { get; private set; } = [];
    public Cadre? Cadre { get; private set; }
    public ProblemList? List { get; private set; }
    public Dictionary<long, string> References { get; private set; } = [];
    public bool MayRead => Viewer.Role != Role.Auditor;

    public async Task<IActionResult> OnGetAsync() => await Load() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Load() is { } wrong)
            return wrong;
        if (Cadre is not null)
            await Try((db, cancel) => Service<CompileProblemList>().Compile(db, Cadre.Id, Month.From, Month.Until, Now, cancel), "清单已按最新诉求重新汇总。");
        return Redirect($"/problem-lists?month={Month}&cadre={Cadre?.Id.ToString(CultureInfo.InvariantCulture)}");
    }

    public async Task<IActionResult> OnGetCsvAsync()
    {
        if (await Load() is { } wrong)
            return wrong;
        return File(SpreadsheetFiles.Csv(["排序", "问题", "类别", "主题", "青年数", "诉求数", "首次", "最近", "上期青年数", "未结"], (List?.Entries ?? []).OrderBy(e => e.Rank).Select(e => new[]
        {
            N(e.Rank), TitleOf(e), ChineseNames.Of(e.Category), ChineseNames.Of(e.Topic), N(e.DistinctYouths), N(e.Inquiries), Day(e.FirstAt), Day(e.LastAt), e.YouthsBefore is { } b ? N(b) : "", N(e.Open),
        })), "text/csv; charset=utf-8", $"problem-list-{Month}.csv");
    }

    public string TitleOf(ProblemEntry entry) => MayRead ? entry.Title : $"{ChineseNames.Of(entry.Topic)}方面的诉求";

    public static string Trend(ProblemEntry entry) => entry.YouthsBefore switch
    {
        null => "新",
        { } before when before == entry.DistinctYouths => "→ 持平",
        { } before when before < entry.DistinctYouths => $"↑ 上期 {before}",
        { } before => $"↓ 上期 {before}",
    };

    /// <returns>Why there is nothing to show: the month is none, or the cadre is none of the viewer's.</returns>
    private async Task<IActionResult?> Load()
    {
        if (!Month.TryParse(MonthText, out Month asked) && !string.IsNullOrEmpty(MonthText))
            return BadRequest();
        Month = string.IsNullOrEmpty(MonthText) ? Month.Of(Now) : asked;
        IQueryable<Unit> units = Db.Units.CountableBy(Db, Viewer);
        Cadres = Viewer.Role == Role.Cadre
            ? await Db.Cadres.Where(c => c.Id == Viewer.HandlerId).ToListAsync(Cancel)
            : await Db.Cadres.Where(c => units.Any(u => u.Id == c.UnitId)).OrderBy(c => c.UnitId).ThenBy(c => c.Id).ToListAsync(Cancel);
        (DateTimeOffset from, DateTimeOffset until) = (Month.From, Month.Until);
        List<long> ids = Cadres.ConvertAll(c => c.Id);
        if (CadreId is { } named && !ids.Contains(named))
            return NotFound();
        // Where nobody was named, whoever has most to show.
        long? chosen = ids.Contains(CadreId ?? 0) ? CadreId : Viewer.HandlerId is { } self && ids.Contains(self) && await Db.ProblemLists.AnyAsync(l => l.CadreId == self && l.From == from, Cancel) ? self
            : await Db.ProblemLists.Where(l => l.From == from && l.Until == until && ids.Contains(l.CadreId)).OrderByDescending(l => l.Entries.Count).ThenBy(l => l.CadreId).Select(l => (long?)l.CadreId).FirstOrDefaultAsync(Cancel);
        Cadre = Cadres.FirstOrDefault(c => c.Id == (chosen ?? Viewer.HandlerId)) ?? Cadres.FirstOrDefault();
        if (Cadre is null)
            return null;
        List = await Db.ProblemLists.Include(l => l.Entries).ThenInclude(e => e.Items).AsSplitQuery().FirstOrDefaultAsync(l => l.CadreId == Cadre.Id && l.From == from && l.Until == until, Cancel);
        List<long> items = List?.Entries.SelectMany(e => e.Items).Select(i => i.InquiryId).ToList() ?? [];
        References = await Db.Inquiries.ReadableBy(Db, Viewer).Where(i => items.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Reference, Cancel);
        return null;
    }

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
}
