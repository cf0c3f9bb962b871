using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Finds the expressions of danger in a text, leaving out those that lie within a harmless one (累死 in 累死了).</summary>
internal sealed class DangerLexicon
{
    // By the first two characters: by one alone, 我 and 不 would lead to hundreds.
    private const int Places = 1 << 14;

    private readonly Entry[]?[] _byBeginning = new Entry[Places][];

    private readonly record struct Entry(string Text, DangerPattern Pattern);

    /// <summary>An expression met: which, and where it begins and ends in the normalised text.</summary>
    public readonly record struct Hit(DangerPattern Pattern, int Start, int End);

    public DangerLexicon(IEnumerable<DangerPattern> patterns)
    {
        foreach (var group in patterns.Select(p => new Entry(TextNormaliser.Normalise(p.Pattern), p)).Where(e => e.Text.Length > 1).GroupBy(e => PlaceOf(e.Text[0], e.Text[1])))
            _byBeginning[group.Key] = [.. group.OrderByDescending(e => e.Text.Length)];
    }

    private static int PlaceOf(char first, char second) => (first * 31 + second * 1009) & (Places - 1);

    /// <summary>The expressions of danger in a normalised text; null when there is none.</summary>
    public List<Hit>? Find(ReadOnlySpan<char> normal)
    {
        List<Hit>? dangers = null, harmless = null;
        for (var i = 0; i + 1 < normal.Length; i++)
        {
            if (_byBeginning[PlaceOf(normal[i], normal[i + 1])] is not { } entries) continue;
            foreach (var entry in entries)
            {
                if (!normal[i..].StartsWith(entry.Text)) continue;
                var hit = new Hit(entry.Pattern, i, i + entry.Text.Length);
                if (entry.Pattern.Level == Risk.None) (harmless ??= []).Add(hit);
                else (dangers ??= []).Add(hit);
            }
        }
        if (dangers is not null && harmless is not null)
            dangers.RemoveAll(d => harmless.Any(h => h.Start <= d.Start && d.End <= h.End));
        return dangers is { Count: > 0 } ? dangers : null;
    }
}
