using System.Globalization;

namespace TuanLink.Routing.Units;

/// <summary>A day that differs from Monday to Friday: a holiday, or a make-up workday (调休).</summary>
public sealed record SpecialDay(DateOnly Date, bool IsWorkday, string Name);

/// <summary>The working calendars of the units, read from seeds/calendars: one file a year, and hours that a unit may have of its own.</summary>
public sealed class WorkingCalendars
{
    private readonly WorkingCalendar _usual;
    private readonly Dictionary<string, WorkingCalendar> _ofUnits;
    private readonly WorkingHours _usualHours;
    private readonly Dictionary<string, WorkingHours> _hoursOfUnits;

    private WorkingCalendars(IReadOnlyList<SpecialDay> days, WorkingHours usual, Dictionary<string, WorkingHours> own)
    {
        (SpecialDays, _usualHours, _hoursOfUnits) = (days, usual, own);
        HashSet<DateOnly> holidays = [.. days.Where(d => !d.IsWorkday).Select(d => d.Date)];
        HashSet<DateOnly> makeUpDays = [.. days.Where(d => d.IsWorkday).Select(d => d.Date)];
        _usual = new WorkingCalendar(holidays, makeUpDays, usual);
        _ofUnits = own.ToDictionary(o => o.Key, o => new WorkingCalendar(holidays, makeUpDays, o.Value), StringComparer.Ordinal);
    }

    /// <summary>The days of all known years that differ from Monday to Friday, in order.</summary>
    public IReadOnlyList<SpecialDay> SpecialDays { get; }

    /// <summary>The hours of a unit by its code, else the usual ones.</summary>
    public WorkingHours HoursOf(string unitCode) => _hoursOfUnits.GetValueOrDefault(unitCode, _usualHours);

    /// <summary>The calendar of a unit by its code, else the usual one.</summary>
    public WorkingCalendar Of(string unitCode) => _ofUnits.GetValueOrDefault(unitCode, _usual);

    /// <exception cref="FormatException">A line cannot be read; the message names file and line.</exception>
    public static WorkingCalendars Read(string folder)
    {
        var days = new List<SpecialDay>();
        foreach (string year in Directory.GetFiles(folder, "2*.tsv").Order(StringComparer.Ordinal))
            foreach ((string[] cells, string place) in Rows(year, 3))
            {
                if (!DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
                    throw new FormatException($"{place}: '{cells[0]}' is not a date like 2026-10-01.");
                days.Add(new(day, cells[1] switch
                {
                    "holiday" => false,
                    "workday" => true,
                    _ => throw new FormatException($"{place}: '{cells[1]}' is neither holiday nor workday."),
                }, cells[2]));
            }

        WorkingHours usual = WorkingHours.Default;
        var own = new Dictionary<string, WorkingHours>(StringComparer.Ordinal);
        string hours = Path.Combine(folder, "hours.tsv");
        if (File.Exists(hours))
            foreach ((string[] cells, string place) in Rows(hours, 5))
            {
                var read = new WorkingHours(Time(cells[1], place), Time(cells[2], place), Time(cells[3], place), Time(cells[4], place));
                if (read.MorningFrom >= read.MorningTo || read.MorningTo > read.AfternoonFrom || read.AfternoonFrom >= read.AfternoonTo)
                    throw new FormatException($"{place}: the four times must follow one another.");
                if (cells[0].Length == 0)
                    usual = read;
                else
                    own[cells[0]] = read;
            }

        return new([.. days.OrderBy(d => d.Date)], usual, own);
    }

    private static TimeOnly Time(string cell, string place) =>
        TimeOnly.TryParseExact(cell, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? time
            : throw new FormatException($"{place}: '{cell}' is not a time like 08:30.");

    private static IEnumerable<(string[] Cells, string Place)> Rows(string file, int columns)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (number == 1 || string.IsNullOrWhiteSpace(line))
                continue;
            string place = $"{Path.GetFileName(file)} line {number}";
            string[] cells = line.Split('\t');
            if (cells.Length < columns)
                throw new FormatException($"{place}: {cells.Length} columns where {columns} are needed.");
            yield return (cells, place);
        }
    }
}
