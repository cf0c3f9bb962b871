namespace TuanLink.Routing.Triage.Danger;

/// <summary>Cuts a text into pieces of a clause or a few, so that a danger told in one breath of a long message about
/// something else is read by itself.</summary>
internal static class Clauses
{
    /// <summary>At most so many pieces; a very long text is cut into longer ones.</summary>
    public const int Most = 48;

    // Shorter texts are one piece; a piece is closed at the first stop after this many characters, and anyhow at the second figure.
    private const int Whole = 26, Least = 14, Longest = 40;

    /// <summary>Writes the pieces of a normalised text, in order, and returns how many; 0 when the text is too short to cut.</summary>
    public static int Cut(ReadOnlySpan<char> normal, Span<Range> pieces)
    {
        if (normal.Length <= Whole) return 0;
        var least = Math.Max(Least, normal.Length / (Most - 2));
        var longest = Math.Max(Longest, 2 * least);
        int count = 0, start = 0;
        for (var i = 0; i < normal.Length && count < Most - 1; i++)
        {
            var length = i + 1 - start;
            if (length < least || (length < longest && !IsStop(normal[i]))) continue;
            // what is left is too short to stand alone: it joins this piece
            if (normal.Length - i - 1 < least / 2) break;
            pieces[count++] = start..(i + 1);
            start = i + 1;
        }
        pieces[count++] = start..normal.Length;
        return count == 1 ? 0 : count;
    }

    private static bool IsStop(char c) => c is '.' or ',' or '!' or '?' or ';' or ':' or '~' or ' ' or ')' or '"';
}
