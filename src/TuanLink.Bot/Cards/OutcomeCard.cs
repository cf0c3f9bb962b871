using System.Globalization;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Cards;

/// <summary>解决了吗 as a card: three buttons, and stars in the same breath for whoever wants to give them. The words beside it ask the question.</summary>
public sealed class OutcomeCard(Wording wording)
{
    /// <param name="reference">The item asked about.</param>
    /// <param name="round">Which round of it; a press names it, so that an old card cannot answer a new question.</param>
    public string Of(string reference, int round) => AdaptiveCard.Write(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "Input.ChoiceSet");
            json.WriteString("id", "stars");
            json.WriteString("style", "compact");
            json.WriteString("label", wording.Say("ask_helpful_stars"));
            json.WriteStartArray("choices");
            for (int stars = 5; stars >= 1; stars--)
            {
                json.WriteStartObject();
                json.WriteString("title", new string('★', stars));
                json.WriteString("value", stars.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        },
        json =>
        {
            string asked = round.ToString(CultureInfo.InvariantCulture);
            foreach ((string key, string choice) in new[] { ("ask_helpful_resolved", "resolved"), ("ask_helpful_partly", "partly"), ("ask_helpful_not", "not") })
                json.Submit(wording.Say(key), ("tuanlink", "outcome"), ("item", reference), ("round", asked), ("choice", choice));
        });
}
