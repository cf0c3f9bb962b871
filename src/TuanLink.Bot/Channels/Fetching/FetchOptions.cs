using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.Fetching;

/// <summary>How long we wait for files that a channel names, and for how long a channel may fetch ours (section "Attachments").</summary>
public sealed class FetchOptions
{
    public const string Section = "Attachments";

    /// <summary>The most seconds one try to fetch a file may take; its first byte must come within 15.</summary>
    public int FetchSeconds { get; set; } = 60;

    /// <summary>Hours for which the address of a handler's file opens to whoever has it, where a channel fetches files from us.</summary>
    public int LinkHours { get; set; } = 72;
}

internal sealed class FetchOptionsRule : IValidateOptions<FetchOptions>
{
    public ValidateOptionsResult Validate(string? name, FetchOptions options) =>
        options.FetchSeconds is < 1 or > 600 ? ValidateOptionsResult.Fail($"Attachments:FetchSeconds is '{options.FetchSeconds}'; it must be 1 to 600.")
        : options.LinkHours is < 1 or > 720 ? ValidateOptionsResult.Fail($"Attachments:LinkHours is '{options.LinkHours}'; it must be 1 to 720.")
        : ValidateOptionsResult.Success;
}
