namespace TuanLink.Routing.Triage.Learning;

/// <summary>Finds the stretches of a text that spoke most for one answer, so that a human sees why.</summary>
internal static class StrongestWords
{
    private const int LongestStretch = 8;

    /// <summary>Up to <paramref name="most"/> stretches, strongest first; empty where nothing spoke for it.</summary>
    public static List<string> Of(LinearModel model, ReadOnlySpan<char> normal, int output, int most)
    {
        if (normal.Length > LinearModel.LongestText) normal = normal[..LinearModel.LongestText];
        var votes = normal.Length <= 512 ? stackalloc float[normal.Length] : new float[normal.Length];
        for (var i = 0; i < normal.Length; i++)
            for (var n = 1; n <= model.Reader.Settings.LongestGram && i + n <= normal.Length; n++)
            {
                var share = model.WeightOf(FeatureReader.KeyOf(normal.Slice(i, n)), output) / n;
                for (var k = 0; k < n; k++) votes[i + k] += share;
            }
        var found = new List<(float Votes, int Start, int Length)>();
        for (var i = 0; i < normal.Length;)
        {
            var start = i;
            var sum = 0f;
            while (i < normal.Length && votes[i] > 0 && i - start < LongestStretch && char.IsLetterOrDigit(normal[i])) sum += votes[i++];
            if (i - start >= 2) found.Add((sum, start, i - start));
            else if (i == start) i++;
        }
        found.Sort((a, b) => b.Votes != a.Votes ? b.Votes.CompareTo(a.Votes) : a.Start.CompareTo(b.Start));
        var words = new List<string>(most);
        foreach (var (_, start, length) in found)
        {
            var word = new string(normal.Slice(start, length));
            if (words.Count < most && !words.Contains(word)) words.Add(word);
        }
        return words;
    }
}
