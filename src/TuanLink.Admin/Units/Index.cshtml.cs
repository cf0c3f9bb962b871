using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.Units;

/// <summary>The working calendar a unit's clocks run by: hours, holidays, make-up workdays (调休); and whether a year's are missing.</summary>
public sealed class IndexModel : AdminPage
{
    [FromQuery(Name = "unit")] public long? UnitId { get; set; }
    [FromQuery(Name = "year")] public int? AskedYear { get; set; }

    public List<Unit> Choices { get; private set; } = [];
    public Unit? Unit { get; private set; }
    public int Year { get; private set; }
    public IReadOnlyList<int> Years { get; private set; } = [];
    public IReadOnlyList<SpecialDay> Days { get; private set; } = [];
    public WorkingHours Hours { get; private set; } = WorkingHours.Default;
    public bool WorksToday { get; private set; }

    /// <summary>Whether this year's holidays are known at all.</summary>
    public bool IsKnown => Days.Count > 0;

    public async Task<IActionResult> OnGetAsync()
    {
        DateOnly today = ChinaTime.DateOf(Now);
        Years = [today.Year, today.Year + 1];
        Year = AskedYear ?? today.Year;
        Choices = await Db.Units.CountableBy(Db, Viewer).OrderBy(u => u.Path).ToListAsync(Cancel);
        Unit = UnitId is { } named ? Choices.FirstOrDefault(u => u.Id == named) : Choices.FirstOrDefault();
        if ((UnitId is not null && Unit is null) || !Years.Contains(Year))
            return NotFound();
        WorkingCalendars calendars = Service<WorkingCalendars>();
        Days = [.. calendars.SpecialDays.Where(d => d.Date.Year == Year)];
        Hours = calendars.HoursOf(Unit?.Code ?? "");
        WorksToday = calendars.Of(Unit?.Code ?? "").IsWorkingDay(today);
        return Page();
    }

    public static string Weekday(DateOnly day) => "周" + "日一二三四五六"[(int)day.DayOfWeek];
}
