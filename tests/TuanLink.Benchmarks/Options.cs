using System.Globalization;

namespace TuanLink.Benchmarks;

/// <summary>What was asked for on the command line: <c>--name value</c> pairs, <c>--keep</c>, and plain words.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> named = new(StringComparer.Ordinal);

    /// <summary>The words that belong to no name, in order.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Settings handed to TuanLink as environment variables.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Leave data folders and logs where they are.</summary>
    public bool Keep { get; private set; }

    public static Options Parse(IEnumerable<string> arguments)
    {
        var options = new Options();
        using var words = arguments.GetEnumerator();
        while (words.MoveNext())
        {
            var word = words.Current;
            if (word == "--keep")
            {
                options.Keep = true;
                continue;
            }

            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                options.Words.Add(word);
                continue;
            }

            if (!words.MoveNext())
                throw new BenchmarkException($"{word} needs a value.");
            if (word == "--set")
                options.AddSetting(words.Current);
            else
                options.named[word[2..]] = words.Current;
        }

        return options;
    }

    public string Text(string name, string otherwise) => named.GetValueOrDefault(name, otherwise);

    /// <exception cref="BenchmarkException">The value is no whole number of zero or more.</exception>
    public int Number(string name, int otherwise) =>
        named.TryGetValue(name, out var given) ? ToNumber(name, given) : otherwise;

    public int[] Numbers(string name, params int[] otherwise) =>
        named.TryGetValue(name, out var given)
            ? [.. given.Split(',').Select(part => ToNumber(name, part))]
            : otherwise;

    private static int ToNumber(string name, string given) =>
        int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BenchmarkException($"--{name}: '{given}' is not a whole number.");

    private void AddSetting(string pair)
    {
        var sign = pair.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1)
            throw new BenchmarkException($"--set {pair}: Name=Value is wanted.");
        Settings[pair[..sign]] = pair[(sign + 1)..];
    }
}

/// <summary>Something the person at the keyboard must put right; the message says what.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
