namespace TuanLink.Routing.Triage.Learning;

/// <summary>Turns a normalised text into feature keys: a 32-bit hash for every run of 1 to n characters, with the
/// text's edges as characters of their own.</summary>
internal sealed class FeatureReader(FeatureSettings settings, ConceptWords? concepts = null)
{
    public FeatureSettings Settings => settings;
    public ConceptWords? Concepts => concepts;

    private const uint Start = 2166136261, Prime = 16777619;
    private const uint HeadSalt = 0x9E3779B9;
    private const char Edge = '\u0002';

    /// <summary>An upper bound on the keys a text of this length yields.</summary>
    public int MostKeys(int length) =>
        (length + 2) * settings.LongestGram + Math.Min(length, settings.HeadCharacters) * settings.LongestGram
        + (concepts is null ? 0 : (length + 1) * 4);

    /// <summary>Writes the keys of <paramref name="text"/> and returns how many.</summary>
    public int Read(ReadOnlySpan<char> text, Span<uint> keys)
    {
        var count = 0;
        var longest = settings.LongestGram;
        var reach = Math.Max(longest, concepts?.LongestWord ?? 0);
        var head = text.Length > settings.HeadCharacters ? settings.HeadCharacters : 0;
        for (var i = -1; i < text.Length; i++)
        {
            var hash = Start;
            for (var n = 0; n < reach && i + n <= text.Length; n++)
            {
                hash = (hash ^ CharacterAt(text, i + n)) * Prime;
                if (n == 0 && (i < 0 || text[i] == ' ')) continue;
                var key = Mix(hash + (uint)n);
                if (concepts is not null && i >= 0 && i + n < text.Length && concepts.TryGet(key, out var groups))
                    foreach (var group in groups!) if (count < keys.Length) keys[count++] = ConceptWords.KeyOf(group);
                if (n >= longest) continue;
                keys[count++] = key;
                if (i >= 0 && i + n < head) keys[count++] = Mix(key ^ HeadSalt);
            }
        }
        return count;
    }

    private uint CharacterAt(ReadOnlySpan<char> text, int i)
    {
        if ((uint)i >= (uint)text.Length) return Edge;
        var c = text[i];
        return settings.FoldDigits && char.IsAsciiDigit(c) ? '0' : c;
    }

    /// <summary>The key of one run of characters, as <see cref="Read"/> would give it.</summary>
    public static uint KeyOf(ReadOnlySpan<char> run)
    {
        var hash = Start;
        foreach (var c in run) hash = (hash ^ c) * Prime;
        return Mix(hash + (uint)(run.Length - 1));
    }

    private static uint Mix(uint h)
    {
        h ^= h >> 16;
        h *= 0x85EBCA6B;
        h ^= h >> 13;
        h *= 0xC2B2AE35;
        h ^= h >> 16;
        return h == 0 ? 1u : h;
    }
}
