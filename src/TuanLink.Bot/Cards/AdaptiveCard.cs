using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TuanLink.Bot.Cards;

/// <summary>Writes Adaptive Cards: version 1.3, which Web Chat, the Emulator and Teams all show; nothing in one is fetched from anywhere.</summary>
internal static class AdaptiveCard
{
    public const string ContentType = "application/vnd.microsoft.card.adaptive";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="body">Writes the elements of the body.</param>
    /// <param name="actions">Writes the buttons under it.</param>
    public static string Write(Action<Utf8JsonWriter> body, Action<Utf8JsonWriter> actions)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
            json.WriteString("type", "AdaptiveCard");
            json.WriteString("version", "1.3");
            json.WriteString("lang", "zh");
            json.WriteStartArray("body");
            body(json);
            json.WriteEndArray();
            json.WriteStartArray("actions");
            actions(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <param name="text">Shown as it is: what Markdown would take for its own is kept from it.</param>
    public static void Words(this Utf8JsonWriter json, string text, bool isHeading = false)
    {
        json.WriteStartObject();
        json.WriteString("type", "TextBlock");
        json.WriteString("text", Unmarked(text));
        json.WriteBoolean("wrap", true);
        if (isHeading)
            json.WriteString("weight", "Bolder");
        json.WriteEndObject();
    }

    public static void Facts(this Utf8JsonWriter json, params ReadOnlySpan<(string Title, string Value)> facts)
    {
        json.WriteStartObject();
        json.WriteString("type", "FactSet");
        json.WriteStartArray("facts");
        foreach ((string title, string value) in facts)
        {
            json.WriteStartObject();
            json.WriteString("title", title);
            json.WriteString("value", Unmarked(value));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="data">What comes back when it is pressed.</param>
    public static void Submit(this Utf8JsonWriter json, string title, params ReadOnlySpan<(string Name, string Value)> data)
    {
        json.WriteStartObject();
        json.WriteString("type", "Action.Submit");
        json.WriteString("title", title);
        json.WriteStartObject("data");
        foreach ((string name, string value) in data)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A youth's words stand in a heading: a link or picture in them must not become one in the card.
    private static string Unmarked(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (c is '\\' or '[' or ']' or '*' or '_' or '`' or '<' or '>' or '#' or '!' or '|' or '~')
                plain.Append('\\');
            plain.Append(c);
        }
        return plain.ToString();
    }
}
