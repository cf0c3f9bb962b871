namespace TuanLink.Routing.Triage.Learning;

/// <summary>What is read from a text. The defaults are what docs/sorting.md measured as worth their time.</summary>
internal sealed record FeatureSettings
{
    /// <summary>Longest run of characters read as one feature.</summary>
    public int LongestGram { get; init; } = 3;

    /// <summary>Features seen in fewer training texts are not kept.</summary>
    public int LeastTexts { get; init; } = 1;

    /// <summary>The first characters of a long text, which name the matter, are read once more as features of their
    /// own; 0 switches this off.</summary>
    public int HeadCharacters { get; init; }

    /// <summary>Read every digit as 0.</summary>
    public bool FoldDigits { get; init; }

    /// <summary>Weight of a text's repeated features: 1 + ln(count) when true, else 1.</summary>
    public bool CountRepeats { get; init; } = true;

    /// <summary>Scale each class's features by their log-count ratio (naive Bayes) before learning, to this power;
    /// 0 switches it off.</summary>
    public double BayesPower { get; init; }

    /// <summary>How much a word group counts against a single run of characters.</summary>
    public float ConceptWeight { get; init; } = 1.5f;

    public static FeatureSettings Default { get; } = new();
}
