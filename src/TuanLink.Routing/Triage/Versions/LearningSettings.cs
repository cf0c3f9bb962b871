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
}

internal sealed class LearningSettingsRule : IValidateOptions<LearningSettings>
{
    public ValidateOptionsResult Validate(string? name, LearningSettings options) => options.LeastNewCorrections >= 1
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{LearningSettings.Section}:{nameof(options.LeastNewCorrections)} is '{options.LeastNewCorrections}'; it must be at least 1.");
}
