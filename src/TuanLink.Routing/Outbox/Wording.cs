using System.Collections.Frozen;
using System.Text.Json;

namespace TuanLink.Routing.Outbox;

/// <summary>What the bot says, from seeds/wording.zh.json: a league office changes its words without changing code.</summary>
public sealed class Wording
{
    private readonly FrozenDictionary<string, string> _words;

    private Wording(FrozenDictionary<string, string> words) => _words = words;

    /// <exception cref="FormatException">The file is not one flat object of words.</exception>
    public static Wording Read(string file)
    {
        using FileStream stream = File.OpenRead(file);
        try
        {
            using JsonDocument json = JsonDocument.Parse(stream);
            return new(json.RootElement.EnumerateObject()
                .Where(p => p.Value.ValueKind == JsonValueKind.String)
                .ToFrozenDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{Path.GetFileName(file)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The words of a key with their {places} filled.</summary>
    /// <exception cref="KeyNotFoundException">The file lacks the key.</exception>
    public string Say(string key, params ReadOnlySpan<(string Place, string Value)> filled)
    {
        if (!_words.TryGetValue(key, out string? words))
            throw new KeyNotFoundException($"wording.zh.json has no '{key}'.");
        foreach ((string place, string value) in filled)
            words = words.Replace("{" + place + "}", value, StringComparison.Ordinal);
        return words;
    }

    public bool Has(string key) => _words.ContainsKey(key);
}
