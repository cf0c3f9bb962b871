namespace TuanLink.Routing.Units;

/// <summary>The hours of a working day, in Shanghai time, with the midday rest between.</summary>
public sealed record WorkingHours(TimeOnly MorningFrom, TimeOnly MorningTo, TimeOnly AfternoonFrom, TimeOnly AfternoonTo)
{
    public static WorkingHours Default { get; } = new(new(8, 30), new(12, 0), new(14, 0), new(17, 30));
}

/// <summary>
/// When a unit works: Monday to Friday, less statutory holidays, plus make-up workdays (调休).
/// All sums are exact and monotone: a later start never gives an earlier end.
/// </summary>
public sealed class WorkingCalendar(IReadOnlySet<DateOnly> holidays, IReadOnlySet<DateOnly> makeUpDays, WorkingHours hours)
{
    // Longer than any run of holidays by far: a calendar that closes every day is a mistake, not a reason to search forever.
    private const int LongestClosure = 400;

    public bool IsWorkingDay(DateOnly day) =>
        makeUpDays.Contains(day)
        || (!holidays.Contains(day) && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));

    /// <summary>The moment at which the given length of working time has passed since <paramref name="from"/>.</summary>
    /// <exception cref="InvalidOperationException">The calendar has no working day within 400 days.</exception>
    public DateTimeOffset AddWorkingTime(DateTimeOffset from, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        DateOnly day = ChinaTime.DateOf(from);
        int closed = 0;
        while (true)
        {
            foreach ((DateTimeOffset begin, DateTimeOffset end) in SpansOf(day))
            {
                DateTimeOffset start = from > begin ? from : begin;
                if (start >= end)
                    continue;
                if (length <= end - start)
                    return (start + length).ToUniversalTime();
                length -= end - start;
            }
            closed = IsWorkingDay(day) ? 0 : closed + 1;
            if (closed > LongestClosure)
                throw new InvalidOperationException($"The working calendar has no working day in the {LongestClosure} days before {day:yyyy-MM-dd}.");
            day = day.AddDays(1);
        }
    }

    /// <summary>The close of the n-th working day after the day of <paramref name="from"/>, as public offices count 工作日: the day itself is day zero.</summary>
    public DateTimeOffset AddWorkingDays(DateTimeOffset from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        DateOnly day = ChinaTime.DateOf(from);
        int closed = 0;
        for (int passed = 0; passed < days;)
        {
            day = day.AddDays(1);
            (passed, closed) = IsWorkingDay(day) ? (passed + 1, 0) : (passed, closed + 1);
            if (closed > LongestClosure)
                throw new InvalidOperationException($"The working calendar has no working day in the {LongestClosure} days before {day:yyyy-MM-dd}.");
        }
        return ChinaTime.At(day, hours.AfternoonTo).ToUniversalTime();
    }

    private IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> SpansOf(DateOnly day)
    {
        if (!IsWorkingDay(day))
            yield break;
        yield return (ChinaTime.At(day, hours.MorningFrom), ChinaTime.At(day, hours.MorningTo));
        yield return (ChinaTime.At(day, hours.AfternoonFrom), ChinaTime.At(day, hours.AfternoonTo));
    }
}
