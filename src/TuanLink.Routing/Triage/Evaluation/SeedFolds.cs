using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Divides the seeds into five parts for cross-validation, by the texts alone: texts that are nearly the same fall
/// into the same part, so that no part is measured with what was learned from its twin. Fixed before any tuning.</summary>
internal sealed class SeedFolds
{
    public const int Count = 5;

    // Texts that share a run of this length are compared; those that share this much of their pairs are twins.
    private const int SharedRun = 6;
    private const double Alike = 0.5;

    private readonly Dictionary<string, int> _folds = [];

    public SeedFolds(IEnumerable<string> texts)
    {
        var all = texts.Distinct().Order(StringComparer.Ordinal).ToArray();
        var leaders = Leaders(all);
        for (var i = 0; i < all.Length; i++) _folds[all[i]] = (int)(FeatureReader.KeyOf(all[leaders[i]]) % Count);
    }

    /// <summary>The part (0..4) a text belongs to.</summary>
    public int Of(string text) => _folds[text];

    /// <summary>Pairs of texts that say nearly the same in nearly the same words, with how alike they are (0..1).</summary>
    public static IEnumerable<(string First, string Second, double Alike)> Twins(IEnumerable<string> texts, double least = Alike)
    {
        var all = texts.ToArray();
        var pairs = all.Select(PairsOf).ToArray();
        foreach (var (i, j) in Candidates(all))
            if (Likeness(pairs[i], pairs[j]) is var alike && alike >= least) yield return (all[i], all[j], alike);
    }

    // For each text the first text of its group of twins.
    private static int[] Leaders(string[] texts)
    {
        var leader = Enumerable.Range(0, texts.Length).ToArray();
        var pairs = texts.Select(PairsOf).ToArray();
        foreach (var (i, j) in Candidates(texts))
        {
            var (first, second) = (Root(leader, i), Root(leader, j));
            if (first != second && Likeness(pairs[i], pairs[j]) >= Alike)
                leader[Math.Max(first, second)] = Math.Min(first, second);
        }
        return [.. Enumerable.Range(0, texts.Length).Select(i => Root(leader, i))];
    }

    private static int Root(int[] leader, int i)
    {
        while (leader[i] != i) i = leader[i];
        return i;
    }

    private static IEnumerable<(int, int)> Candidates(string[] texts)
    {
        var holders = new Dictionary<string, List<int>>();
        for (var i = 0; i < texts.Length; i++)
        {
            var normal = TextNormaliser.Normalise(texts[i]);
            var run = Math.Min(SharedRun, normal.Length);
            foreach (var key in Enumerable.Range(0, normal.Length - run + 1).Select(at => normal.Substring(at, run)).Distinct())
            {
                if (!holders.TryGetValue(key, out var list)) holders[key] = list = [];
                list.Add(i);
            }
        }
        var met = new HashSet<(int, int)>();
        foreach (var list in holders.Values)
            for (var a = 0; a < list.Count; a++)
                for (var b = a + 1; b < list.Count; b++)
                    if (met.Add((list[a], list[b]))) yield return (list[a], list[b]);
    }

    private static HashSet<int> PairsOf(string text)
    {
        var normal = TextNormaliser.Normalise(text);
        var pairs = new HashSet<int>();
        for (var i = 0; i + 1 < normal.Length; i++) pairs.Add((normal[i] << 16) | normal[i + 1]);
        return pairs;
    }

    private static double Likeness(HashSet<int> first, HashSet<int> second)
    {
        var shared = first.Count(second.Contains);
        return shared == 0 ? 0 : (double)shared / (first.Count + second.Count - shared);
    }
}
