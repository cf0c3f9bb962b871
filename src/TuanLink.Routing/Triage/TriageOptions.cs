using Microsoft.Extensions.Options;

namespace TuanLink.Routing.Triage;

/// <summary>Where the sorter keeps what it learned (section "Triage").</summary>
public sealed class TriageOptions
{
    public const string Section = "Triage";

    /// <summary>The folder of the learned model; the database folder when empty. Several services may share one: a model is written whole or not at all.</summary>
    public string ModelFolder { get; set; } = "";
}

public sealed class TriageOptionsRule : IValidateOptions<TriageOptions>
{
    public ValidateOptionsResult Validate(string? name, TriageOptions options)
    {
        if (options.ModelFolder.Length == 0)
            return ValidateOptionsResult.Success;
        // A file in the way, here or above, would only show as a slow start: the sorter learns anew where it cannot write.
        for (string? place = Path.GetFullPath(options.ModelFolder); place is not null; place = Path.GetDirectoryName(place))
            if (File.Exists(place))
                return ValidateOptionsResult.Fail($"Triage:ModelFolder is '{options.ModelFolder}'; {place} is a file, so there can be no such folder.");
        return ValidateOptionsResult.Success;
    }
}
