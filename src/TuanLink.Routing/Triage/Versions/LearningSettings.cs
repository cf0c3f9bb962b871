using Microsoft.Extensions.Options;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>Whether and when the sorter learns from corrections (section "Learning").</summary>
public sealed class LearningSettings
{
    public const string Section = "Learning";

    /// <summary>Off: corrections are kept, nothing is learned from them.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many new corrections there must be before another challenger is trained; at least 1.</summary>
    public int LeastNewCorrections { get; set; } = 20;

    /// <summary>Of how many inquiries one person's corrections count, the newest: a tenth of one topic's seeds. From 1 to 1000.</summary>
    public int MostOfOnePerson { get; set; } = 30;
}

internal sealed class LearningSettingsRule : IValidateOptions<LearningSettings>
{
    public ValidateOptionsResult Validate(string? name, LearningSettings options)
    {
        if (options.LeastNewCorrections < 1)
            return Wrong(nameof(options.LeastNewCorrections), options.LeastNewCorrections, "it must be at least 1");
        return options.MostOfOnePerson is >= 1 and <= 1000
            ? ValidateOptionsResult.Success
            : Wrong(nameof(options.MostOfOnePerson), options.MostOfOnePerson, "it must be from 1 to 1000");
    }

    private static ValidateOptionsResult Wrong(string key, int value, string rule) =>
        ValidateOptionsResult.Fail($"{LearningSettings.Section}:{key} is '{value}'; {rule}.");
}
