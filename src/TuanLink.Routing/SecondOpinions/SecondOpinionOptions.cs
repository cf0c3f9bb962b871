using Microsoft.Extensions.Options;

namespace TuanLink.Routing.SecondOpinions;

/// <summary>A language model asked for a second opinion (section "SecondOpinion"). Off unless an office decides otherwise: masked words of youths leave the house.</summary>
public sealed class SecondOpinionOptions
{
    public const string Section = "SecondOpinion";

    public bool Enabled { get; set; }

    /// <summary>An endpoint that speaks OpenAI's chat completions, without that last part, e.g. https://models.example.org/v1.</summary>
    public string BaseAddress { get; set; } = "";

    public string Model { get; set; } = "";

    /// <summary>Sent as a bearer token; none for an endpoint of the house's own that needs none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How long one answer may take, in seconds, from 1 to 60.</summary>
    public int TimeLimitSeconds { get; set; } = 8;

    /// <summary>Whether every new inquiry is sent for its one-line summary; else only those the sorter was not sure of.</summary>
    public bool Summaries { get; set; } = true;

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeLimitSeconds);
}

internal sealed class SecondOpinionOptionsRule : IValidateOptions<SecondOpinionOptions>
{
    public ValidateOptionsResult Validate(string? name, SecondOpinionOptions options)
    {
        if (!options.Enabled)
            return ValidateOptionsResult.Success;
        // First, so that no password in an address is ever printed.
        if (options.BaseAddress.AsSpan().ContainsAny('@', '?'))
            return ValidateOptionsResult.Fail($"{SecondOpinionOptions.Section}:{nameof(options.BaseAddress)} holds a user or a query; it must be a bare address, the key belongs to {SecondOpinionOptions.Section}:{nameof(options.ApiKey)}.");
        if (!Uri.TryCreate(options.BaseAddress, UriKind.Absolute, out Uri? address) || (address.Scheme != "https" && !(address.Scheme == "http" && address.IsLoopback)))
            return Wrong(nameof(options.BaseAddress), options.BaseAddress, "it must be an https address, or http on this machine");
        if (string.IsNullOrWhiteSpace(options.Model))
            return Wrong(nameof(options.Model), options.Model, "it must name a model");
        // The key itself is never printed.
        if (options.ApiKey.Any(c => c is <= ' ' or > '~'))
            return ValidateOptionsResult.Fail($"{SecondOpinionOptions.Section}:{nameof(options.ApiKey)} holds a character that no key has.");
        if (options.TimeLimitSeconds is < 1 or > 60)
            return Wrong(nameof(options.TimeLimitSeconds), options.TimeLimitSeconds, "it must be from 1 to 60 seconds");
        return ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Wrong(string key, object value, string rule) =>
        ValidateOptionsResult.Fail($"{SecondOpinionOptions.Section}:{key} is '{value}'; {rule}.");
}
