using TuanLink.Routing.Triage.Learning;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>How alike a message and the open inquiry are, in their words and in what the linear model makes of them.</summary>
internal static class Likeness
{
    // A pair no seed knows is as rare as the rarest.
    private const float Unknown = 10;

    /// <summary>How much of the message's pairs of characters the matter has too: plainly, by rarity (both 0..1), and the longest
    /// run of characters in both.</summary>
    public static (float Pairs, float Weighed, int Longest) OfWords(Vocabulary vocabulary, ReadOnlySpan<char> matter, ReadOnlySpan<char> now)
    {
        if (now.Length < 2) return (0, 0, 0);
        int shared = 0, run = 0, longest = 0;
        float rarity = 0, sharedRarity = 0;
        for (var i = 0; i + 1 < now.Length; i++)
        {
            var pair = now.Slice(i, 2);
            var row = vocabulary.RowOf(FeatureReader.KeyOf(pair));
            var rare = row < 0 ? Unknown : vocabulary.Weights[row];
            rarity += rare;
            if (matter.IndexOf(pair, StringComparison.Ordinal) < 0) { run = 0; continue; }
            shared++;
            sharedRarity += rare;
            longest = Math.Max(longest, ++run + 1);
        }
        return ((float)shared / (now.Length - 1), sharedRarity / rarity, longest);
    }

    /// <summary>Whether two lists of scores rise and fall together (-1..1).</summary>
    public static float OfScores(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        float meanFirst = 0, meanSecond = 0;
        for (var i = 0; i < first.Length; i++) (meanFirst, meanSecond) = (meanFirst + first[i] / first.Length, meanSecond + second[i] / first.Length);
        float both = 0, one = 0, two = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var (a, b) = (first[i] - meanFirst, second[i] - meanSecond);
            (both, one, two) = (both + a * b, one + a * a, two + b * b);
        }
        return one * two > 0 ? both / MathF.Sqrt(one * two) : 0;
    }

    /// <summary>Where the highest stands; the first of equals.</summary>
    public static int Largest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
