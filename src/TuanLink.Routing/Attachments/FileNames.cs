using System.Globalization;
using System.Text;

namespace TuanLink.Routing.Attachments;

/// <summary>Makes a name from outside one that can be shown and saved: no path, no control or direction characters, not too long.</summary>
public static class FileNames
{
    private const int Longest = 100;

    /// <returns>"附件" if nothing is left of it.</returns>
    public static string Clean(string? given)
    {
        string name = (given ?? "").Split('/', '\\')[^1];
        var kept = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                && rune.Value is not ('<' or '>' or ':' or '"' or '|' or '?' or '*' or 0xFFFD))
                kept.Append(rune);
        string clean = kept.ToString().Trim(' ', '.');
        if (clean.Length > Longest)
            clean = Shortened(clean);
        return clean.Length > 0 ? clean : "附件";
    }

    /// <summary>The name under which it is saved: its ending is that of what it is, whatever it was called.</summary>
    public static string ForSaving(string name, string mediaType) =>
        MediaTypes.EndingsOf(mediaType) is { Count: > 0 } endings && !endings.Contains(Path.GetExtension(name).ToLowerInvariant()) ? name + endings[0] : name;

    // What ends a name says what it is: the middle goes.
    private static string Shortened(string name)
    {
        string ending = Path.GetExtension(name);
        if (ending.Length > 10)
            ending = "";
        int room = Longest - ending.Length - 1;
        return string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[room - 1]) ? room - 1 : room), "…", ending);
    }
}
