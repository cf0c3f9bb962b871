using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.ResponseRates;

/// <summary>Response rates with their five counts, by whatever one asks; figures only, no words of anybody.</summary>
public sealed class IndexModel : AdminPage
{
    [FromQuery(Name = "month")] public string? MonthText { get; set; }
    [FromQuery(Name = "unit")] public long? UnitId { get; set; }
    [FromQuery(Name = "by")] public Breakdown By { get; set; } = Breakdown.Cadre;

    public Month Month { get; private set; }
    public Unit? Unit { get; private set; }
    public List<Unit> Units { get; private set; } = [];
    public FigureTable Table { get; private set; } = null!;
    public List<(ClosedRate Rate, List<RateCorrection> Corrections)> Closed { get; private set; } = [];
    public bool OnlyOwn => Viewer.Role == Role.Cadre;

    public IReadOnlyList<(Breakdown, string)> Breakdowns { get; } = [(Breakdown.Cadre, "按负责干部"), (Breakdown.Handler, "按处理人"), (Breakdown.Unit, "按单位（含下级）"), (Breakdown.Topic, "按主题"), (Breakdown.Kind, "按类型"), (Breakdown.Channel, "按渠道")];

    public async Task<IActionResult> OnGetAsync()
    {
        return await Load() ?? Page();
    }

    public async Task<IActionResult> OnGetCsvAsync()
    {
        return await Load() ?? File(SpreadsheetFiles.Csv(Header, Rows()), "text/csv; charset=utf-8", $"response-rates-{Month}-{By}.csv");
    }

    public async Task<IActionResult> OnGetXlsxAsync()
    {
        return await Load() ?? File(SpreadsheetFiles.Xlsx(Header, Rows()), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"response-rates-{Month}-{By}.xlsx");
    }

    /// <returns>Why there is nothing to show: the month is none, or the unit is none of the viewer's.</returns>
    private async Task<IActionResult?> Load()
    {
        DateTimeOffset now = Now;
        if (!Month.TryParse(MonthText, out Month asked) && !string.IsNullOrEmpty(MonthText))
            return BadRequest();
        Month = string.IsNullOrEmpty(MonthText) ? Month.Of(now) : asked;
        Units = await Db.Units.CountableBy(Db, Viewer).OrderBy(u => u.Path).ToListAsync(Cancel);
        if (UnitId is { } named && Units.TrueForAll(u => u.Id != named))
            return NotFound();
        Unit = Units.FirstOrDefault(u => u.Id == UnitId) ?? Units.OrderBy(u => u.Path.Length).FirstOrDefault();
        Table = Unit is null
            ? new(Figures.Of([], 0, 0, new(0, 0), now), [])
            : await CountResponses.Count(Db, Unit.Path, OnlyOwn ? Breakdown.Cadre : By, Month.From, Month.Until, now, Cancel);
        if (OnlyOwn)
        {
            // A cadre sees the unit's whole and their own line, not a table of colleagues.
            string self = (Viewer.HandlerId ?? 0).ToString(CultureInfo.InvariantCulture);
            Table = Table with { Lines = [.. Table.Lines.Where(l => l.Key == self)] };
        }
        if (Unit is null || OnlyOwn)
            return null;
        List<long> within = [.. Units.Where(u => u.Path.StartsWith(Unit.Path, StringComparison.Ordinal)).Select(u => u.Id)];
        (DateTimeOffset from, DateTimeOffset until) = (Month.From, Month.Until);
        List<ClosedRate> rates = await Db.ClosedRates.Where(r => r.From == from && r.Until == until && within.Contains(r.UnitId)).ToListAsync(Cancel);
        List<long> ids = rates.ConvertAll(r => r.Id);
        ILookup<long, RateCorrection> corrections = (await Db.RateCorrections.Where(c => ids.Contains(c.ClosedRateId)).OrderBy(c => c.Id).ToListAsync(Cancel)).ToLookup(c => c.ClosedRateId);
        Closed = rates.ConvertAll(r => (r, corrections[r.Id].ToList()));
        return null;
    }

    public FiveCounts ClosedWhole => Closed.Aggregate(new FiveCounts(), (sum, c) => sum + new FiveCounts(c.Rate.OnTime, c.Rate.Late, c.Rate.Overdue, c.Rate.NotYetDue, c.Rate.WithdrawnOrDismissed));

    public string NameOfKey(string key)
    {
        bool isId = long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out long id);
        return (OnlyOwn ? Breakdown.Cadre : By) switch
        {
            Breakdown.Cadre or Breakdown.Handler when isId => NameOf(id),
            Breakdown.Unit when isId => Roster.UnitOf(id).Name,
            Breakdown.Topic => ChineseNames.Of(Enum.Parse<Topic>(key)),
            Breakdown.Kind => ChineseNames.Of(Enum.Parse<InquiryKind>(key)),
            _ => key switch { "directline" => "网页聊天", "demo" => "演示", _ => key },
        };
    }

    /// <summary>A share in words: 无数据 where there is nothing to divide, never 0 % or 100 %.</summary>
    public static string Percent(double? share) => share is { } s ? s.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "无数据";

    public static string Span(TimeSpan? span) => span is { } s ? TimeLeft.InWords(s) : "无数据";

    private static readonly string[] Header = ["项目", "诉求数", "响应率", "按时", "迟到", "超时未答", "未到期", "撤回或排除", "有效回复率", "解决率", "沉默", "4–5星", "评价数/询问数", "首答中位", "首答P90", "重开", "件均转办", "敷衍"];

    private IEnumerable<IReadOnlyList<string>> Rows() => Table.Lines.Select(l => Row(NameOfKey(l.Key), l.Figures)).Prepend(Row("合计", Table.Whole));

    private static string[] Row(string name, Figures f) =>
    [
        name, N(f.Inquiries), Percent(f.Counts.ResponseRate), N(f.Counts.OnTime), N(f.Counts.Late), N(f.Counts.Overdue), N(f.Counts.NotYetDue), N(f.Counts.WithdrawnOrDismissed),
        Percent(f.EffectiveReply.Value), Percent(f.Resolution.Value), N(f.Silent), Percent(f.Satisfied.Value), $"{f.Rated.Part}/{f.Rated.Of}",
        Span(f.FirstResponse.Median), Span(f.FirstResponse.P90), Percent(f.Reopened.Value), f.TransfersPerItem?.ToString("0.00", CultureInfo.InvariantCulture) ?? "无数据", Percent(f.Perfunctory.Value),
    ];

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
}
