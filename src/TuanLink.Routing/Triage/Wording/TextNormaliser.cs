namespace TuanLink.Routing.Triage.Wording;

/// <summary>Brings what people type to one written form, so that 自 殺！！！！ and 自杀！ look alike to the sorter: width,
/// case, traditional characters, emoji, stretched signs, digits, invisible characters. The result is never longer than
/// the text, so one buffer of the text's length always suffices.</summary>
public static class TextNormaliser
{
    private const char Dropped = '\0';

    // One look-up a character: the folded character, or Dropped.
    private static readonly char[] Folded = BuildTable();

    /// <summary>Normalises <paramref name="text"/> into <paramref name="destination"/> and returns how many characters
    /// were written. <paramref name="destination"/> must be at least as long as the text.</summary>
    public static int Normalise(ReadOnlySpan<char> text, Span<char> destination)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = Folded[text[i]];
            if (c == Dropped) continue;
            if (c is '^' or '☺' || char.IsSurrogate(c) || IsPictograph(c))
            {
                i += WritePictograph(text[i..], destination, ref written);
                continue;
            }
            if (c == ' ' && (written == 0 || destination[written - 1] == ' ')) continue;
            if (written >= 2 && destination[written - 1] == c && destination[written - 2] == c && !char.IsAsciiDigit(c))
                continue; // 啊啊啊啊啊 and !!!!!! keep two: the stretch itself says something
            destination[written++] = c;
        }
        if (written > 0 && destination[written - 1] == ' ') written--;
        return written;
    }

    /// <summary>The normalised text as a new string, for rules and tests.</summary>
    public static string Normalise(string text)
    {
        var buffer = new char[text.Length];
        return new string(buffer, 0, Normalise(text, buffer));
    }

    private static bool IsPictograph(char c) => c is >= '\u2600' and <= '\u27BF' or '\u2B50' or '\u26B0';

    // Returns how many further characters of the text were consumed.
    private static int WritePictograph(ReadOnlySpan<char> text, Span<char> destination, ref int written)
    {
        var pair = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]);
        var point = pair ? char.ConvertToUtf32(text[0], text[1]) : text[0];
        if (pair && point is >= 0x1F3FB and <= 0x1F3FF) return 1; // a skin tone says nothing here
        if (pair && point is >= 0x20000 and <= 0x3FFFF)
        {   // rare hanzi outside the basic plane stay as they are
            text[..2].CopyTo(destination[written..]);
            written += 2;
            return 1;
        }
        var word = EmojiWords.Words.GetValueOrDefault(point, EmojiWords.Unknown);
        var repeated = written >= word.Length && destination[(written - word.Length)..written].SequenceEqual(word);
        if (!repeated)
        {
            word.CopyTo(destination[written..]);
            written += word.Length;
        }
        return pair ? 1 : 0;
    }

    private static char[] BuildTable()
    {
        var table = new char[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++) table[i] = FoldSimple((char)i);
        for (var i = 0; i + 1 < TraditionalCharacters.Pairs.Length; i += 3)
            table[TraditionalCharacters.Pairs[i]] = TraditionalCharacters.Pairs[i + 1];
        const string from = "。，、；：？！（）【】《》〈〉「」『』“”‘’—–…～·•￥";
        const string into = ".,,;:?!()()\"\"\"\"\"\"\"\"\"\"\"\"--.~..$";
        for (var i = 0; i < from.Length; i++) table[from[i]] = into[i];
        return table;
    }

    private static char FoldSimple(char c) => c switch
    {
        '\u00AD' or '\uFEFF' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
            or (>= '\u2060' and <= '\u206F') or (>= '\uFE00' and <= '\uFE0F') => Dropped,
        '\t' or '\n' or '\r' or '\u00A0' or '\u3000' or (>= '\u2000' and <= '\u200A') => ' ',
        < ' ' or '\u007F' => Dropped,
        >= '\uFF01' and <= '\uFF5E' => FoldSimple((char)(c - 0xFEE0)),
        >= 'A' and <= 'Z' => (char)(c + 32),
        >= '①' and <= '⑨' => (char)('1' + (c - '①')),
        _ => c,
    };
}
