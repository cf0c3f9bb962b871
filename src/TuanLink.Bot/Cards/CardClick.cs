using System.Globalization;
using System.Text.Json;
using TuanLink.Bot.Channels;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Bot.Cards;

/// <summary>What a press on a card of ours says. It comes from the wire: whose it may be is judged in the turn (<c>CardClicks</c>).</summary>
public abstract record CardClick
{
    private const int LongestReference = 32;

    private CardClick() { }

    /// <summary>Whether the answer helped.</summary>
    /// <param name="Reference">The item asked about.</param>
    /// <param name="Round">The round of it that was asked about: an old card does not answer a new question.</param>
    /// <param name="Stars">1 to 5; none if none were chosen.</param>
    public sealed record Helped(string Reference, int Round, Outcome Said, int? Stars) : CardClick;

    /// <summary>The item with this reference is to be withdrawn.</summary>
    public sealed record Withdraw(string Reference) : CardClick;

    /// <summary>A human is asked for.</summary>
    public sealed record Human : CardClick;

    /// <summary>Nothing a card of ours says.</summary>
    public sealed record Unknown : CardClick;

    /// <summary>Reads the value of a submit, field by field: what is missing, too much or of another type makes the whole unknown.</summary>
    /// <exception cref="WrongJson">A text or a name in it is no valid Unicode.</exception>
    public static CardClick Read(JsonElement value)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty field in value.EnumerateObject())
            if (field.Value.ValueKind != JsonValueKind.String || fields.Count == 5 || !fields.TryAdd(field.NameOf(), field.Value.Text("value")))
                return new Unknown();
        return (fields.GetValueOrDefault("tuanlink"), fields.Count) switch
        {
            ("outcome", 4) or ("outcome", 5) when fields.Count == 4 || fields.ContainsKey("stars") => ReadOutcome(fields),
            ("withdraw", 2) when ItemIn(fields) is { } item => new Withdraw(item),
            ("human", 1) => new Human(),
            _ => new Unknown(),
        };
    }

    private static CardClick ReadOutcome(Dictionary<string, string> fields)
    {
        Outcome? said = fields.GetValueOrDefault("choice") switch
        {
            "resolved" => Outcome.Resolved,
            "partly" => Outcome.Partly,
            "not" => Outcome.NotResolved,
            _ => null,
        };
        string stars = fields.GetValueOrDefault("stars", "");
        return said is { } outcome && ItemIn(fields) is { } item && stars is "" or "1" or "2" or "3" or "4" or "5"
            && int.TryParse(fields.GetValueOrDefault("round"), NumberStyles.None, CultureInfo.InvariantCulture, out int round)
            ? new Helped(item, round, outcome, stars.Length == 0 ? null : stars[0] - '0')
            : new Unknown();
    }

    private static string? ItemIn(Dictionary<string, string> fields) =>
        fields.TryGetValue("item", out string? item) && item.Length <= LongestReference && References.IsValid(item) ? item : null;
}
