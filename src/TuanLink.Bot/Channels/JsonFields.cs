using System.Text.Json;

namespace TuanLink.Bot.Channels;

/// <summary>The request's JSON breaks the protocol; the message says how and goes back to the caller with 400.</summary>
public sealed class WrongJson(string why) : Exception(why);

/// <summary>Reads fields of a JSON object from outside: missing is fine, another type is an error, limits hold.</summary>
public static class JsonFields
{
    private const int LongestId = 512;

    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = 32 };

    /// <summary>Whether an object has a field of this name.</summary>
    public static bool Has(this JsonElement json, string name, out JsonElement value)
    {
        try
        {
            return json.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // The parser compares names only now, and finds half of a surrogate pair in one of them.
            throw new WrongJson("The name of a field is not valid Unicode.");
        }
    }

    /// <summary>The name of a field.</summary>
    public static string NameOf(this JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            throw new WrongJson("The name of a field is not valid Unicode.");
        }
    }

    /// <summary>A text of at most 512 characters; none if missing or null.</summary>
    public static string? Id(this JsonElement json, string name)
    {
        string? id = json.Words(name);
        return id is null || id.Length <= LongestId ? id : throw new WrongJson($"'{name}' is longer than {LongestId} characters.");
    }

    /// <summary>A text without NUL characters, which PostgreSQL cannot keep; none if missing or null.</summary>
    public static string? Words(this JsonElement json, string name)
    {
        if (!json.Has(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.Text(name) : throw new WrongJson($"'{name}' is not a text.");
    }

    /// <summary>A text without NUL characters, of an element that is one.</summary>
    /// <param name="name">What it is called to the caller if it is broken.</param>
    public static string Text(this JsonElement text, string name)
    {
        try
        {
            string said = text.GetString()!;
            return said.Contains('\0') ? said.Replace("\0", "", StringComparison.Ordinal) : said;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text at all.
            throw new WrongJson($"'{name}' is not valid Unicode.");
        }
    }

    /// <summary>An object; none if missing or null.</summary>
    public static JsonElement? Part(this JsonElement json, string name)
    {
        if (!json.Has(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw new WrongJson($"'{name}' is not an object.");
    }
}
