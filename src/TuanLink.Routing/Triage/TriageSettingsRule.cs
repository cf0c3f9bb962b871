using System.Globalization;
using Microsoft.Extensions.Options;

namespace TuanLink.Routing.Triage;

/// <summary>Every threshold of the section "Triage" is a probability.</summary>
internal sealed class TriageSettingsRule : IValidateOptions<TriageSettings>
{
    public ValidateOptionsResult Validate(string? name, TriageSettings options)
    {
        foreach (var threshold in typeof(TriageSettings).GetProperties().Where(p => p.PropertyType == typeof(double)))
            if ((double)threshold.GetValue(options)! is var value and not (>= 0 and <= 1))
                return ValidateOptionsResult.Fail(string.Create(CultureInfo.InvariantCulture,
                    $"{TriageSettings.Section}:{threshold.Name} is '{value}'; it must lie between 0 and 1."));
        return ValidateOptionsResult.Success;
    }
}
