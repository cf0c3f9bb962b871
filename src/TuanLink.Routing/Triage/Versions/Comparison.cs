using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>How champion and challenger did on the same items.</summary>
/// <param name="Lost">Items only the champion got right.</param>
/// <param name="Won">Items only the challenger got right.</param>
public sealed record Paired(int Count, int ChampionRight, int ChallengerRight, int Lost, int Won)
{
    public static Paired None { get; } = new(0, 0, 0, 0, 0);

    public Paired Add(bool champion, bool challenger) => new(Count + 1, ChampionRight + (champion ? 1 : 0), ChallengerRight + (challenger ? 1 : 0),
        Lost + (champion && !challenger ? 1 : 0), Won + (!champion && challenger ? 1 : 0));

    /// <summary>The sign test's probability (0..1) that the challenger is no worse and only unlucky.</summary>
    [JsonIgnore] public double P => SignTest.OfWorse(Lost, Won);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ChampionRight}→{ChallengerRight}/{Count}");
}

/// <summary>The figures of champion and challenger on what neither was taught: corrections and seeds set aside by their text.</summary>
/// <param name="Topics">By the true topic: seeds and corrections.</param>
/// <param name="Corrections">Right: everything the human said of it is said too.</param>
/// <param name="Crisis">Crises read as crises.</param>
/// <param name="Danger">Crises and concerns read as either.</param>
/// <param name="Harmless">What only sounds dangerous, read as harmless.</param>
public sealed record Comparison(IReadOnlyDictionary<Topic, Paired> Topics, Paired Corrections, Paired Crisis, Paired Danger, Paired Harmless)
{
    /// <summary>A topic is worse if the sign test gives less than this.</summary>
    public const double WorseBelow = 0.05;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">These are no figures.</exception>
    public static Comparison FromJson(string figures) => JsonSerializer.Deserialize<Comparison>(figures, Json) ?? throw new JsonException("no figures");

    /// <summary>What speaks against the challenger, in Chinese; it is promoted only if nothing does. The tests are not corrected for their
    /// number: to refuse wrongly costs a night, to promote wrongly costs youths.</summary>
    public IReadOnlyList<string> Objections()
    {
        var against = new List<string>();
        if (Corrections.ChallengerRight <= Corrections.ChampionRight)
            against.Add($"留出的更正上没有更好（{Corrections}）");
        foreach (var (topic, paired) in Topics)
            if (paired.P < WorseBelow)
                against.Add(string.Create(CultureInfo.InvariantCulture, $"主题“{ChineseNames.Of(topic)}”变差（{paired}，符号检验 p={paired.P:0.000}）"));
        if (Crisis.ChallengerRight < Crisis.ChampionRight)
            against.Add($"危急召回下降（{Crisis}）");
        if (Danger.ChallengerRight < Danger.ChampionRight)
            against.Add($"危险召回下降（{Danger}）");
        if (Harmless.P < WorseBelow)
            against.Add(string.Create(CultureInfo.InvariantCulture, $"误报变多（{Harmless}，符号检验 p={Harmless.P:0.000}）"));
        return against;
    }
}
