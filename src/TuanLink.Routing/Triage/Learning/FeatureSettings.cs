namespace TuanLink.Routing.Triage.Learning;

/// <summary>What is read from a text and how it is weighed. docs/sorting.md measures what each is worth.</summary>
internal sealed record FeatureSettings
{
    /// <summary>Longest run of characters read as one feature.</summary>
    public int LongestGram { get; init; } = 3;

    /// <summary>Features seen in fewer training texts are not kept.</summary>
    public int LeastTexts { get; init; } = 1;

    /// <summary>The first characters of a longer text, which name the matter, are read once more as features of their
    /// own; 0 switches this off.</summary>
    public int HeadCharacters { get; init; }

    /// <summary>The last characters of a longer text, where people come to what they want, are read once more as well;
    /// 0 switches this off.</summary>
    public int TailCharacters { get; init; }

    /// <summary>Read every digit as 0.</summary>
    public bool FoldDigits { get; init; }

    /// <summary>Weight of a text's repeated features: 1 + ln(count) when true, else 1.</summary>
    public bool CountRepeats { get; init; } = true;

    /// <summary>Scale each class's features by their log-count ratio (naive Bayes) before learning, to this power;
    /// 0 switches it off.</summary>
    public double BayesPower { get; init; } = 0.5;

    private static readonly float[] Repeated = [.. Enumerable.Range(0, 64).Select(count => count > 1 ? 1f + MathF.Log(count) : 1f)];

    public float RepeatWeight(int count) => !CountRepeats || count <= 1 ? 1f : count < Repeated.Length ? Repeated[count] : 1f + MathF.Log(count);
}
