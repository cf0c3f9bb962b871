using System.Text.Json;
using TuanLink.Bot.Cards;

namespace TuanLink.Bot.Channels;

/// <summary>What a message says: its text or, where a press on a button or card sent none, its value (PROTOCOLS.md §1).</summary>
public static class SubmittedValue
{
    /// <returns>The words; or, with none, what was pressed on a card.</returns>
    /// <exception cref="WrongJson">A text has the wrong type or is no valid Unicode.</exception>
    public static (string Text, CardClick? Click) In(JsonElement activity)
    {
        string text = (activity.Words("text") ?? "").Trim();
        if (text.Length > 0 || !activity.Has("value", out JsonElement value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return (text, null);
        return value.ValueKind switch
        {
            JsonValueKind.String => (value.Text("value").Trim(), null),
            // Other people's buttons carry their words so.
            JsonValueKind.Object when !value.Has("tuanlink", out _) && value.Has("text", out JsonElement words) && words.ValueKind == JsonValueKind.String
                => (words.Text("value.text").Trim(), null),
            JsonValueKind.Object => ("", CardClick.Read(value)),
            _ => ("", new CardClick.Unknown()),
        };
    }
}
