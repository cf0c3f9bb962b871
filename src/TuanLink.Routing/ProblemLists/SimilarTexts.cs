using System.Text;

namespace TuanLink.Routing.ProblemLists;

/// <summary>Joins texts that tell of one problem. Deterministic and independent of order: the same texts always give the same groups.</summary>
public static class SimilarTexts
{
    // Two-character shingles: short Chinese messages share few longer ones even when they mean the same.
    private const int Shingle = 2;

    /// <summary>Share of common shingles, of the smaller text, from which two texts tell of one problem.</summary>
    public const double Same = 0.42;

    private const int LeastCommon = 5;

    // One thing in common (a factory, a canteen) is a place; two are a problem: the card, and the money that does not arrive.
    private const int LeastThings = 2;

    /// <summary>Groups the texts: the index lists of one group are ascending, groups are ordered by their first index in (text, id) order.</summary>
    public static List<List<int>> Group(IReadOnlyList<string> texts, Things things)
    {
        HashSet<string>[] named = [.. texts.Select(things.NamedIn)];
        HashSet<string>[] shingles = [.. texts.Select(Shingles)];
        Dictionary<string, double> weight = Weights(shingles);
        int[] root = [.. Enumerable.Range(0, texts.Count)];
        for (int a = 0; a < texts.Count; a++)
            for (int b = a + 1; b < texts.Count; b++)
                if (named[a].Count(named[b].Contains) >= LeastThings || AreSame(shingles[a], shingles[b], weight))
                    root[Find(root, b)] = Find(root, a);
        return [.. Enumerable.Range(0, texts.Count).GroupBy(i => Find(root, i)).Select(g => g.ToList())];
    }

    /// <summary>The most central of the texts: the one that shares most with the others; ties by length, then by text.</summary>
    public static int Centre(IReadOnlyList<string> texts)
    {
        HashSet<string>[] shingles = [.. texts.Select(Shingles)];
        return Enumerable.Range(0, texts.Count)
            .OrderByDescending(i => Enumerable.Range(0, texts.Count).Sum(j => j == i ? 0 : shingles[i].Count(shingles[j].Contains) / (double)Math.Max(1, shingles[i].Count)))
            .ThenBy(i => texts[i].Length).ThenBy(i => texts[i], StringComparer.Ordinal).First();
    }

    private static bool AreSame(HashSet<string> a, HashSet<string> b, Dictionary<string, double> weight)
    {
        (HashSet<string> small, HashSet<string> large) = a.Count <= b.Count ? (a, b) : (b, a);
        double common = 0;
        double all = 0;
        int number = 0;
        foreach (string shingle in small)
        {
            all += weight[shingle];
            if (large.Contains(shingle))
            {
                common += weight[shingle];
                number++;
            }
        }
        return all > 0 && (number == small.Count || number >= LeastCommon) && common / all >= Same;
    }

    // What half of all texts say (我们学校, 怎么办) tells nothing apart.
    private static Dictionary<string, double> Weights(HashSet<string>[] shingles)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (HashSet<string> of in shingles)
            foreach (string shingle in of)
                seen[shingle] = seen.GetValueOrDefault(shingle) + 1;
        return seen.ToDictionary(s => s.Key, s => Math.Log(1 + (double)shingles.Length / s.Value), StringComparer.Ordinal);
    }

    private static int Find(int[] root, int i)
    {
        while (root[i] != i)
            i = root[i] = root[root[i]];
        return i;
    }

    private static HashSet<string> Shingles(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        var shingles = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i + Shingle <= bare.Length; i++)
            shingles.Add(bare.ToString(i, Shingle));
        return shingles;
    }
}
