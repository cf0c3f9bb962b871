using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.SecondOpinions;

/// <summary>An answer that is exactly what was asked for.</summary>
/// <param name="Evidence">Words of the message that show the danger; empty where the model gave none that stand there.</param>
public sealed partial record Opinion(Topic? Topic, Risk Danger, string Evidence, string Summary)
{
    private const int LongestAnswer = 4000, LongestSummary = 60, LongestEvidence = 40;

    /// <summary>The JSON schema of an answer, as the model is told it; <see cref="Read"/> holds to it.</summary>
    public static string Schema { get; } = $$"""
        {"type":"object","additionalProperties":false,"required":["topic","danger","evidence","summary"],"properties":{
        "topic":{"enum":[{{string.Join(',', SeedCodes.All<Topic>().Select(c => $"\"{c}\""))}},null]},
        "danger":{"enum":["none","concern","crisis"]},
        "evidence":{"type":"string","maxLength":{{LongestEvidence}} },
        "summary":{"type":"string","minLength":1,"maxLength":{{LongestSummary}} } } }
        """.ReplaceLineEndings("");

    private static readonly JsonSerializerOptions Strict = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        MaxDepth = 2,
    };

    private sealed record Answer(
        [property: JsonPropertyName("topic")] string? Topic, [property: JsonPropertyName("danger")] string Danger,
        [property: JsonPropertyName("evidence")] string Evidence, [property: JsonPropertyName("summary")] string Summary);

    /// <summary>Reads an answer; anything but one JSON object of the schema is none: an unknown label, a further field, a second line,
    /// an address or a number somebody could be lured to.</summary>
    /// <param name="message">The words that were sent; evidence must stand in them.</param>
    public static Opinion? Read(string text, string message)
    {
        if (text.Length > LongestAnswer)
            return null;
        Answer? answer;
        try
        {
            answer = JsonSerializer.Deserialize<Answer>(text, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
        if (answer is null || !SeedCodes.TryRead(answer.Danger, out Risk danger))
            return null;
        Topic? topic = null;
        if (answer.Topic is not null)
        {
            if (!SeedCodes.TryRead(answer.Topic, out Topic known))
                return null;
            topic = known;
        }
        if (answer.Summary.Length is 0 or > LongestSummary || answer.Evidence.Length > LongestEvidence || Lure().IsMatch(answer.Summary) || answer.Summary.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format))
            return null;
        return new(topic, danger, answer.Evidence.Length > 1 && message.Contains(answer.Evidence, StringComparison.Ordinal) ? answer.Evidence : "", answer.Summary.Trim());
    }

    [GeneratedRegex(@"\d{5}|https?:|www\.|[A-Za-z0-9]+\.(com|cn|net|org|top|xyz)|@|微信|QQ", RegexOptions.IgnoreCase)]
    private static partial Regex Lure();
}
