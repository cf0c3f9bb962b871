using System.Globalization;

namespace TuanLink.Routing.Units;

/// <summary>A calendar month in Shanghai: the period of problem lists and response rates. From inclusive, until exclusive, in UTC.</summary>
public readonly record struct Month(int Year, int Number)
{
    public static Month Of(DateTimeOffset moment)
    {
        DateTimeOffset there = ChinaTime.Of(moment);
        return new(there.Year, there.Month);
    }

    public DateTimeOffset From => ChinaTime.Midnight(new DateOnly(Year, Number, 1)).ToUniversalTime();
    public DateTimeOffset Until => Next.From;
    public Month Next => Number == 12 ? new(Year + 1, 1) : new(Year, Number + 1);
    public Month Before => Number == 1 ? new(Year - 1, 12) : new(Year, Number - 1);

    /// <summary>"2026-11".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{Number:D2}");

    /// <summary>Reads "2026-11".</summary>
    public static bool TryParse(string? text, out Month month)
    {
        bool read = DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is > 2000 and < 2200;
        month = read ? new(day.Year, day.Month) : default;
        return read;
    }
}
