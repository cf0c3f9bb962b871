using System.Net;
using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Whom the Bot Framework endpoint trusts (section "Channels:BotFramework").</summary>
public sealed class BotFrameworkOptions
{
    public const string Section = "Channels:BotFramework";

    /// <summary>Beginnings of the serviceUrls replies may go to, besides loopback; without them only this machine is answered.</summary>
    public List<string> AllowedServiceUrls { get; set; } = [];

    /// <summary>The largest request body taken, in bytes.</summary>
    public int LargestBody { get; set; } = 256 * 1024;

    /// <summary>Whether replies may be sent to this address. The address comes from the wire: anything not listed could be an internal one.</summary>
    public bool MayCall(string serviceUrl) =>
        Uri.TryCreate(serviceUrl, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        && (IsThisMachine(uri) || AllowedServiceUrls.Any(allowed => IsWithin(uri, new Uri(allowed))));

    private static bool IsThisMachine(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // Compared part by part: "https://a.example" must not let "https://a.example.evil" in.
    private static bool IsWithin(Uri uri, Uri allowed) =>
        uri.Scheme == allowed.Scheme && uri.Host == allowed.Host && uri.Port == allowed.Port
        && uri.AbsolutePath.StartsWith(allowed.AbsolutePath, StringComparison.Ordinal);
}

internal sealed class BotFrameworkOptionsRule : IValidateOptions<BotFrameworkOptions>
{
    public ValidateOptionsResult Validate(string? name, BotFrameworkOptions options)
    {
        if (options.AllowedServiceUrls.FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) is { } odd)
            return ValidateOptionsResult.Fail($"Channels:BotFramework:AllowedServiceUrls has '{odd}'; each must be an absolute http or https address.");
        return options.LargestBody is >= 1024 and <= 16 * 1024 * 1024
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Channels:BotFramework:LargestBody is '{options.LargestBody}'; it must be 1024 to 16777216 bytes.");
    }
}
