using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.Fetching;

/// <summary>How long we wait for files that a channel names (section "Attachments").</summary>
public sealed class FetchOptions
{
    public const string Section = "Attachments";

    /// <summary>The most seconds one try to fetch a file may take; its first byte must come within 15.</summary>
    public int FetchSeconds { get; set; } = 60;
}

internal sealed class FetchOptionsRule : IValidateOptions<FetchOptions>
{
    public ValidateOptionsResult Validate(string? name, FetchOptions options) => options.FetchSeconds is >= 1 and <= 600
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Attachments:FetchSeconds is '{options.FetchSeconds}'; it must be 1 to 600.");
}
