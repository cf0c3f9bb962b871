using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Bot.Conversations;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Somebody who may bring activities.</summary>
/// <param name="ServiceUrl">The one address its token carries; none where any may be named that the options allow.</param>
/// <param name="Endorsements">The channels its key vouches for; none where no key does.</param>
public sealed record TrustedCaller(string? ServiceUrl, FrozenSet<string>? Endorsements)
{
    /// <summary>Whether the words came from where the token says they do.</summary>
    public bool Covers(IncomingWords words) =>
        (ServiceUrl is null || ServiceUrl == words.ServiceUrl) && (Endorsements is null || Endorsements.Contains(words.Channel));
}

/// <summary>
/// Who may bring activities (PROTOCOLS.md §2, docs/decisions/0008): with an app id whoever carries a token that a channel, the emulator or our
/// own tenant issued for it; without one only callers on this machine. Why a caller was not believed is logged, never told.
/// </summary>
public sealed class ChannelTrust : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    // The tenants whose tokens the Bot Framework Emulator carries (botbuilder-dotnet, EmulatorValidation).
    private static readonly string[] EmulatorTenants = ["d6d49420-f39b-4df7-a1dc-d59a935871db", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"];

    private readonly BotFrameworkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChannelTrust> _log;
    private readonly IssuerKeys _channelKeys;
    private readonly IssuerKeys _entraKeys;
    private readonly FrozenSet<string> _entraIssuers;

    public ChannelTrust(IOptions<BotFrameworkOptions> options, OutsideCalls calls, TimeProvider time, ILogger<ChannelTrust> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        string login = _options.LoginAddress.TrimEnd('/');
        _channelKeys = new(calls.Configured, new Uri(_options.ChannelMetadata), time, log);
        _entraKeys = new(calls.Configured, new Uri($"{login}/{_options.Tenant}/v2.0/.well-known/openid-configuration"), time, log);
        _entraIssuers = EmulatorTenants.Append(_options.Tenant)
            .SelectMany(t => new[] { $"{_options.StsAddress.TrimEnd('/')}/{t}/", $"{login}/{t}/v2.0" }).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Who calls; none if nobody we believe.</summary>
    /// <exception cref="KeysUnavailable">Nobody can be judged now; the caller should come again.</exception>
    public async ValueTask<TrustedCaller?> Recognise(HttpContext http)
    {
        if (!_options.HasApp)
            return IsThisMachine(http) ? new(null, null) : Unbelieved("not on this machine, and no app id is set");
        if (SignedToken.Read(http.Request.Headers.Authorization) is not { } token)
            return Unbelieved("no RS256 bearer token");
        string issuer = token.Claim("iss") ?? "";
        bool isChannel = issuer == _options.ChannelIssuer;
        if (!isChannel && !_entraIssuers.Contains(issuer))
            return Unbelieved("unknown issuer");
        if (await (isChannel ? _channelKeys : _entraKeys).Find(token.KeyId, http.RequestAborted) is not { } key)
            return Unbelieved("unknown key");
        if (!token.IsSignedBy(key))
            return Unbelieved("bad signature");
        if (!token.IsFor(_options.AppId))
            return Unbelieved("another audience");
        if (!token.IsValidAt(_time.GetUtcNow(), Skew))
            return Unbelieved("not its time");
        if (isChannel)
            return token.Claim("serviceurl") is { Length: > 0 } serviceUrl ? new(serviceUrl, key.Endorsements) : Unbelieved("no serviceurl");
        // Entra tells version 1 apart from 2 by the claim that names the app.
        string? app = token.Claim("ver") == "2.0" ? token.Claim("azp") : token.Claim("ver") is null or "1.0" ? token.Claim("appid") : null;
        return app == _options.AppId ? new(null, null) : Unbelieved("another app");
    }

    // What a proxy on this machine passes on is not of this machine.
    private static bool IsThisMachine(HttpContext http) => (http.Connection.RemoteIpAddress is null || IPAddress.IsLoopback(http.Connection.RemoteIpAddress))
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded") && !http.Request.Headers.ContainsKey("Via");

    private TrustedCaller? Unbelieved(string why)
    {
        _log.LogInformation("A caller of /api/messages was not believed: {Why}.", why);
        return null;
    }

    public void Dispose()
    {
        _channelKeys.Dispose();
        _entraKeys.Dispose();
    }
}
