using FsCheck;
using FsCheck.Fluent;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Tests.Units;

public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar Year2026 = WorkingCalendars.Read(Path.Combine(AppContext.BaseDirectory, "seeds", "calendars")).Of("");

    [Theory]
    [InlineData("2026-11-18 09:00", 4, "2026-11-18 15:00")] // three hours, the midday rest, one hour more
    [InlineData("2026-11-18 16:30", 4, "2026-11-19 11:30")] // overnight
    [InlineData("2026-11-20 16:30", 4, "2026-11-23 11:30")] // over a weekend
    [InlineData("2026-09-30 16:30", 2, "2026-10-08 09:30")] // over the National Day holiday
    [InlineData("2026-10-09 17:00", 1, "2026-10-10 09:00")] // into the make-up Saturday
    [InlineData("2026-11-21 03:00", 1, "2026-11-23 09:30")] // from a Saturday night
    public void Working_time_passes_only_while_the_office_works(string from, double hours, string until) =>
        Assert.Equal(FakeClock.China(until), Year2026.AddWorkingTime(FakeClock.China(from), TimeSpan.FromHours(hours)));

    [Theory]
    [InlineData("2026-11-18 09:00", 3, "2026-11-23 17:30")]
    [InlineData("2026-09-30 23:00", 1, "2026-10-08 17:30")]
    [InlineData("2026-10-08 09:00", 2, "2026-10-10 17:30")]
    public void Working_days_are_counted_from_the_next_one_to_its_close(string from, int days, string until) =>
        Assert.Equal(FakeClock.China(until), Year2026.AddWorkingDays(FakeClock.China(from), days));

    [Fact]
    public void A_later_start_never_ends_earlier_and_lengths_add_up() =>
        Prop.ForAll(Gen.Choose(0, 525_000).Three().Select(t => (A: t.Item1, B: t.Item2, Length: t.Item3 % 6000)).ToArbitrary(), t =>
        {
            DateTimeOffset start = FakeClock.China("2026-01-01 00:00");
            (DateTimeOffset early, DateTimeOffset late) = (start.AddMinutes(Math.Min(t.A, t.B)), start.AddMinutes(Math.Max(t.A, t.B)));
            TimeSpan length = TimeSpan.FromMinutes(t.Length);
            DateTimeOffset whole = Year2026.AddWorkingTime(early, length);
            DateTimeOffset halves = Year2026.AddWorkingTime(Year2026.AddWorkingTime(early, length / 2), length / 2);
            return whole <= Year2026.AddWorkingTime(late, length) && whole == halves && whole >= early;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_calendar_that_never_works_is_an_error_and_not_an_endless_search()
    {
        var closed = new WorkingCalendar(new HashSet<DateOnly>(Enumerable.Range(0, 900).Select(d => new DateOnly(2026, 1, 1).AddDays(d))), new HashSet<DateOnly>(), WorkingHours.Default);
        Assert.Throws<InvalidOperationException>(() => closed.AddWorkingDays(FakeClock.China("2026-01-05 09:00"), 1));
    }
}
