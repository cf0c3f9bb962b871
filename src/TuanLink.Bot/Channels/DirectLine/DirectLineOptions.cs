using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>Which other sites may carry the conversation (section "Channels:DirectLine").</summary>
public sealed class DirectLineOptions
{
    public const string Section = "Channels:DirectLine";

    /// <summary>The shortest secret of a site, in characters.</summary>
    public const int ShortestSecret = 24;

    /// <summary>Origins, e.g. https://www.example.cn, whose pages may talk to Direct Line and show the chat page in a frame; the chat page's own always may.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Sites by name, each with the origins whose pages may show the chat page in a frame and do no more: those of embed.js.</summary>
    public Dictionary<string, List<string>> Frames { get; set; } = [];

    /// <summary>Sites by name, each with the secret for which its server gets tokens.</summary>
    public Dictionary<string, string> Sites { get; set; } = [];

    /// <summary>Whether the sites' clients show Adaptive Cards, as Web Chat does. The chat page has its own ways and never gets them.</summary>
    public bool Cards { get; set; } = true;
}

internal sealed class DirectLineOptionsRule(IConfiguration configuration) : IValidateOptions<DirectLineOptions>
{
    public ValidateOptionsResult Validate(string? name, DirectLineOptions options)
    {
        // A text where a list is expected would be passed over in silence.
        if (configuration.GetSection($"{DirectLineOptions.Section}:Frames").GetChildren().FirstOrDefault(site => site.Value is not null) is { } text)
            return ValidateOptionsResult.Fail($"{text.Path} is no list of origins; its first is {text.Path}:0.");
        IEnumerable<(string Where, string Origin)> named = options.AllowedOrigins.Select(o => ("AllowedOrigins", o))
            .Concat(options.Frames.SelectMany(f => f.Value.Select(o => ($"Frames:{f.Key}", o))));
        foreach ((string where, string origin) in named)
            if (!IsOrigin(origin))
                return ValidateOptionsResult.Fail($"{DirectLineOptions.Section}:{where} has '{origin}'; an origin is https://name or https://name:port and no more (http only for this machine).");
        foreach ((string site, string secret) in options.Sites)
            if (secret is null || secret.Length < DirectLineOptions.ShortestSecret || secret.Any(c => c is <= ' ' or > '~'))
                return ValidateOptionsResult.Fail($"{DirectLineOptions.Section}:Sites:{site} is missing or wrong; a secret is at least {DirectLineOptions.ShortestSecret} characters of ASCII without spaces.");
        return options.Sites.Values.Distinct(StringComparer.Ordinal).Count() == options.Sites.Count
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{DirectLineOptions.Section}:Sites has one secret twice; each site needs its own.");
    }

    // As browsers write it: what is compared with the header letter by letter must be written so.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        && address.GetLeftPart(UriPartial.Authority) == text;
}
