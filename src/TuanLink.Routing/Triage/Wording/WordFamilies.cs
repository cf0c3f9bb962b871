namespace TuanLink.Routing.Triage.Wording;

/// <summary>Families of words of one meaning, at most 32, looked for all at once: one pass over the text, however many words there are.</summary>
internal sealed class WordFamilies
{
    private readonly (string Word, uint Family)[]?[] _byFirst = new (string, uint)[]?[char.MaxValue + 1];

    public WordFamilies(IReadOnlyCollection<IEnumerable<string>> families)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(families.Count, 32);
        Count = families.Count;
        var words = families.SelectMany((family, i) => family.Distinct().Select(word => (Word: word, Family: 1u << i)));
        foreach (var first in words.GroupBy(w => w.Word[0])) _byFirst[first.Key] = [.. first];
    }

    public int Count { get; }

    /// <summary>Sets a bit per family of which a word stands in the text.</summary>
    public uint In(ReadOnlySpan<char> text)
    {
        var met = 0u;
        for (var i = 0; i < text.Length; i++)
        {
            if (_byFirst[text[i]] is not { } entries) continue;
            foreach (var (word, family) in entries)
                if ((met & family) == 0 && text[i..].StartsWith(word)) met |= family;
        }
        return met;
    }

    /// <summary>Whether any word of any family stands in the text.</summary>
    public bool AnyIn(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (_byFirst[text[i]] is { } entries)
                foreach (var (word, _) in entries)
                    if (text[i..].StartsWith(word)) return true;
        return false;
    }
}
