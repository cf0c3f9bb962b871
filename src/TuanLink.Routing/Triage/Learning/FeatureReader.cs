namespace TuanLink.Routing.Triage.Learning;

/// <summary>Turns a normalised text into feature keys: a 32-bit hash for every run of 1 to n characters, with the
/// text's edges as characters of their own.</summary>
internal sealed class FeatureReader(FeatureSettings settings)
{
    private const uint Start = 2166136261, Prime = 16777619;
    private const uint HeadSalt = 0x9E3779B9, TailSalt = 0x85157AF5;
    private const char Edge = '\u0002';

    public FeatureSettings Settings => settings;

    /// <summary>An upper bound on the keys a text of this length yields.</summary>
    public int MostKeys(int length) =>
        (length + 2 + Math.Min(length, settings.HeadCharacters) + Math.Min(length + 1, settings.TailCharacters))
        * settings.LongestGram;

    /// <summary>Writes the keys of <paramref name="text"/> and returns how many.</summary>
    public int Read(ReadOnlySpan<char> text, Span<uint> keys)
    {
        var count = 0;
        var longest = settings.LongestGram;
        var head = text.Length > settings.HeadCharacters ? settings.HeadCharacters : 0;
        var tail = settings.TailCharacters > 0 && text.Length > settings.TailCharacters
            ? text.Length - settings.TailCharacters : int.MaxValue;
        for (var i = -1; i < text.Length; i++)
        {
            var hash = Start;
            for (var n = 0; n < longest && i + n <= text.Length; n++)
            {
                hash = (hash ^ CharacterAt(text, i + n)) * Prime;
                if (n == 0 && (i < 0 || text[i] == ' ')) continue;
                var key = Mix(hash + (uint)n);
                keys[count++] = key;
                if (i >= 0 && i + n < head) keys[count++] = Mix(key ^ HeadSalt);
                if (i >= tail) keys[count++] = Mix(key ^ TailSalt);
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
