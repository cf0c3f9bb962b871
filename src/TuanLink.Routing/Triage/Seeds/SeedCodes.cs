using System.Text;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>The snake_case codes of seed and evaluation files (mental_health, help_request, thanks_close).</summary>
public static class SeedCodes
{
    private static class Of<T> where T : struct, Enum
    {
        public static readonly Dictionary<string, T> ByCode = Enum.GetValues<T>().ToDictionary(v => v.ToString(), StringComparer.OrdinalIgnoreCase);
        public static readonly string[] Codes = [.. Enum.GetValues<T>().Select(v => Snake(v.ToString()))];
    }

    /// <summary>The code of a value, e.g. MentalHealth → mental_health.</summary>
    public static string Code<T>(T value) where T : struct, Enum => Snake(value.ToString());

    /// <summary>All codes of an enumeration, in its order.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Of<T>.Codes;

    /// <summary>Reads a code however it is written: mental_health, MentalHealth, mental-health, Mental Health.</summary>
    public static bool TryRead<T>(string code, out T value) where T : struct, Enum =>
        Of<T>.ByCode.TryGetValue(Bare(code), out value);

    /// <summary>A code without what divides its words.</summary>
    internal static string Bare(string code) => string.Concat(code.Where(char.IsLetterOrDigit));

    internal static T Read<T>(TabbedFile.Line line, string code) where T : struct, Enum =>
        TryRead<T>(code, out var value) ? value
            : throw line.Wrong($"\"{code}\" is none of {string.Join(", ", Of<T>.Codes)}");

    private static string Snake(string name)
    {
        var code = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && code.Length > 0) code.Append('_');
            code.Append(char.ToLowerInvariant(c));
        }
        return code.ToString();
    }
}
