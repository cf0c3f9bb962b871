namespace TuanLink.Routing.Triage.Learning;

/// <summary>Groups of words that say the same thing (爸 妈 爹 老汉: parents), written by hand. A text that holds a word
/// of a group gets the group as a feature, so that what was learned of one word serves its fellows.</summary>
internal sealed class ConceptWords
{
    private const uint ConceptSalt = 0x7F4A7C15;
    private readonly Dictionary<uint, ushort[]> _groupsByWord = [];

    /// <summary>Longest word of any group.</summary>
    public int LongestWord { get; }
    public IReadOnlyList<string> Names { get; }

    public ConceptWords(IReadOnlyList<(string Name, string[] Words)> groups)
    {
        Names = [.. groups.Select(g => g.Name)];
        foreach (var (index, group) in groups.Index())
            foreach (var word in group.Words)
            {
                var key = FeatureReader.KeyOf(word);
                _groupsByWord[key] = _groupsByWord.TryGetValue(key, out var known)
                    ? [.. known, (ushort)index] : [(ushort)index];
                LongestWord = Math.Max(LongestWord, word.Length);
            }
    }

    public bool TryGet(uint wordKey, out ushort[]? groups) => _groupsByWord.TryGetValue(wordKey, out groups);

    /// <summary>The feature key of a group.</summary>
    public static uint KeyOf(int group) => ((uint)group + 1) * 0x9E3779B1 ^ ConceptSalt;
}
