using Microsoft.Extensions.Options;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Assignments;

/// <summary>How inquiries find their people (section "Routing").</summary>
public sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>The code of the unit that answers for youths of no unit; the highest city, else the root, when empty.</summary>
    public string HomeUnit { get; set; } = "";

    /// <summary>Topics that are offered to an expert of the alliance; the owner stays accountable.</summary>
    public HashSet<Topic> ProfessionalTopics { get; set; } = [];

    internal static readonly Topic[] DefaultProfessionalTopics = [Topic.MentalHealth, Topic.PhysicalHealth, Topic.Rights, Topic.Entrepreneurship];
}

internal sealed class RoutingOptionsRule : IValidateOptions<RoutingOptions>, IPostConfigureOptions<RoutingOptions>
{
    public void PostConfigure(string? name, RoutingOptions options)
    {
        // The binder adds to a default set instead of replacing it, so the default comes in only when nothing was configured.
        if (options.ProfessionalTopics.Count == 0)
            options.ProfessionalTopics.UnionWith(RoutingOptions.DefaultProfessionalTopics);
    }

    public ValidateOptionsResult Validate(string? name, RoutingOptions options) =>
        options.ProfessionalTopics.FirstOrDefault(t => !Enum.IsDefined(t)) is var odd && !Enum.IsDefined(odd)
            ? ValidateOptionsResult.Fail($"Routing:ProfessionalTopics has '{odd}'; it must hold topics such as {nameof(Topic.Rights)}.")
            : ValidateOptionsResult.Success;
}
