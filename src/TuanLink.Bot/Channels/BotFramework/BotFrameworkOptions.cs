using System.Net;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Whom the Bot Framework endpoint trusts and where it answers (section "Channels:BotFramework").</summary>
public sealed class BotFrameworkOptions
{
    public const string Section = "Channels:BotFramework";

    /// <summary>Beginnings of the serviceUrls replies may go to whatever they are; without an app id this machine's too.</summary>
    public List<string> AllowedServiceUrls { get; set; } = [];

    /// <summary>The largest request body taken, in bytes.</summary>
    public int LargestBody { get; set; } = 256 * 1024;

    /// <summary>The bot's app id; without one only callers on this machine are believed and no token is carried.</summary>
    public string AppId { get; set; } = "";

    /// <summary>The app's client secret; needed with an app id. Never logged.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>The Entra tenant of a single-tenant app; the shared one of multi-tenant bots by default.</summary>
    public string Tenant { get; set; } = "botframework.com";

    /// <summary>The issuer of the channels' tokens; another cloud has another (https://api.botframework.azure.cn in China).</summary>
    public string ChannelIssuer { get; set; } = "https://api.botframework.com";

    /// <summary>The OpenID metadata of the channels' tokens.</summary>
    public string ChannelMetadata { get; set; } = "https://login.botframework.com/v1/.well-known/openidconfiguration";

    /// <summary>Where Entra signs in: tokens of the emulator and of single-tenant bots, and our own.</summary>
    public string LoginAddress { get; set; } = "https://login.microsoftonline.com";

    /// <summary>The issuer of Entra's version 1 tokens.</summary>
    public string StsAddress { get; set; } = "https://sts.windows.net";

    public bool HasApp => AppId.Length > 0;

    /// <summary>Whether an administrator has listed this address; then it is called wherever it leads.</summary>
    public bool IsListed(Uri uri) => (!HasApp && IsThisMachine(uri)) || AllowedServiceUrls.Any(allowed => IsWithin(uri, new Uri(allowed)));

    /// <summary>Whether replies may be sent to this address. It comes from the wire: what is not listed must be https to the public network, and carried by a trusted token.</summary>
    public bool MayCall(string serviceUrl) =>
        Uri.TryCreate(serviceUrl, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        && (IsListed(uri) || (HasApp && PublicAddresses.MayBe(uri)));

    private static bool IsThisMachine(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // Compared part by part: "https://a.example" must not let "https://a.example.evil" in, nor "/bot" "/botnet".
    private static bool IsWithin(Uri uri, Uri allowed) =>
        uri.Scheme == allowed.Scheme && uri.Host == allowed.Host && uri.Port == allowed.Port
        && (uri.AbsolutePath.TrimEnd('/') + "/").StartsWith(allowed.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal);
}

internal sealed class BotFrameworkOptionsRule : IValidateOptions<BotFrameworkOptions>
{
    public ValidateOptionsResult Validate(string? name, BotFrameworkOptions options)
    {
        if (options.AllowedServiceUrls.FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) is { } odd)
            return ValidateOptionsResult.Fail($"Channels:BotFramework:AllowedServiceUrls has '{odd}'; each must be an absolute http or https address.");
        if (options.LargestBody is < 1024 or > 16 * 1024 * 1024)
            return ValidateOptionsResult.Fail($"Channels:BotFramework:LargestBody is '{options.LargestBody}'; it must be 1024 to 16777216 bytes.");
        if (options.HasApp && options.AppSecret.Length == 0)
            return ValidateOptionsResult.Fail($"Channels:BotFramework:AppSecret is empty; Channels:BotFramework:AppId '{options.AppId}' needs it to reply.");
        if (!options.HasApp && options.AppSecret.Length > 0)
            return ValidateOptionsResult.Fail("Channels:BotFramework:AppId is empty; Channels:BotFramework:AppSecret belongs to one.");
        if (options.Tenant.Length == 0 || options.Tenant.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')))
            return ValidateOptionsResult.Fail($"Channels:BotFramework:Tenant is '{options.Tenant}'; it must be a tenant's id or domain.");
        foreach ((string key, string address) in new[] { (nameof(options.ChannelMetadata), options.ChannelMetadata), (nameof(options.LoginAddress), options.LoginAddress) })
            if (!SecureAddress.Is(address))
                return ValidateOptionsResult.Fail($"Channels:BotFramework:{key} is '{address}'; {SecureAddress.Rule}.");
        return ValidateOptionsResult.Success;
    }
}
