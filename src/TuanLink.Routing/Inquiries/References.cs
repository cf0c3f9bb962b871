using System.Globalization;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Inquiries;

/// <summary>
/// Reference numbers a person can read aloud: QS-yymmdd-nnnn-X. The letter checks the digits before it (weighted sum modulo 23 into
/// letters that cannot be heard or read as another), so that one wrong digit or two swapped neighbours are noticed.
/// </summary>
public static class References
{
    // No I, O, Z: they read as 1, 0, 2. The prime 23 makes every single error and every swap of neighbours visible.
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXY";

    private static readonly PreparedSql Count =
        new("INSERT INTO reference_counters (day, next) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET next = reference_counters.next + 1 RETURNING next");

    private static readonly PreparedSql CountOfMany = new("SELECT nextval('reference_numbers') - next FROM reference_counters WHERE day = $1");

    private static readonly PreparedSql BeginDay =
        new("INSERT INTO reference_counters (day, next) VALUES ($1, nextval('reference_numbers')) ON CONFLICT (day) DO NOTHING");

    /// <summary>The next reference of the day. On SQLite the counter moves in the caller's transaction, so a rollback takes no number. On
    /// PostgreSQL a counter would be held until the commit, and every node would wait for every other: there a sequence counts on from where
    /// it stood when the day began, and a rollback leaves a gap.</summary>
    public static async Task<string> Next(RoutingDb db, DateTimeOffset now)
    {
        string day = ChinaTime.Of(now).ToString("yyMMdd", CultureInfo.InvariantCulture);
        return Format(day, (int)(db.IsPostgres ? await NextOfMany(db, day) : (await Count.Read(db, row => row.Number(0), day)).Single()));
    }

    private static async Task<long> NextOfMany(RoutingDb db, string day)
    {
        if (await CountOfMany.Read(db, row => row.Number(0), day) is [var number])
            return number;
        await BeginDay.Execute(db, day);
        return (await CountOfMany.Read(db, row => row.Number(0), day)).Single();
    }

    /// <summary>Whether the text is a reference whose check letter fits its digits.</summary>
    public static bool IsValid(string text)
    {
        string[] parts = text.Trim().ToUpperInvariant().Split('-');
        return parts is ["QS", { Length: 6 } day, { Length: >= 4 and <= 9 } number, { Length: 1 } letter]
            && day.All(char.IsAsciiDigit) && number.All(char.IsAsciiDigit)
            && CheckLetter(day + number) == letter[0];
    }

    internal static string Format(string day, int number)
    {
        string digits = number.ToString("D4", CultureInfo.InvariantCulture);
        return $"QS-{day}-{digits}-{CheckLetter(day + digits)}";
    }

    private static char CheckLetter(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
            sum += (digits[i] - '0') * (i + 2);
        return Letters[sum % Letters.Length];
    }
}
