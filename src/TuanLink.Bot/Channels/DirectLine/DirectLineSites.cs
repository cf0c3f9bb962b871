using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>Who asks for a new token.</summary>
public enum Asker { OwnPage, Site, WrongSecret, StrangePage }

/// <summary>Tells who asks for tokens, and lets the allowed origins' pages read the answers.</summary>
public sealed class DirectLineSites(IOptions<DirectLineOptions> options, IOptions<ServiceOptions> service) : IConfigureOptions<CorsOptions>
{
    /// <summary>The name of the rule for other origins.</summary>
    public const string Cors = "directline";

    private readonly byte[][] _secrets = [.. options.Value.Sites.Values.Select(Digest)];
    private readonly string? _publicAuthority = service.Value.PublicAddress.Length > 0 ? new Uri(service.Value.PublicAddress).Authority : null;

    public Asker Judge(HttpContext http)
    {
        if (SecretIn(http) is { } secret)
            return IsKnown(secret) ? Asker.Site : Asker.WrongSecret;
        string? origin = http.Request.Headers.Origin;
        // A page of another site always says where it is from; what is no page says nothing and could say anything.
        return string.IsNullOrEmpty(origin) || IsOwn(origin, http.Request.Host.Value) ? Asker.OwnPage : Asker.StrangePage;
    }

    public void Configure(CorsOptions cors) => cors.AddPolicy(Cors, policy => policy
        .WithOrigins([.. options.Value.AllowedOrigins])
        .WithMethods("GET", "POST")
        .WithHeaders("Authorization", "Content-Type", "x-ms-bot-agent", "X-Requested-With")
        .WithExposedHeaders("Retry-After")
        .SetPreflightMaxAge(TimeSpan.FromHours(1)));

    private bool IsKnown(string secret)
    {
        byte[] asked = Digest(secret);
        bool known = false;
        foreach (byte[] ours in _secrets)
            known |= CryptographicOperations.FixedTimeEquals(ours, asked);
        return known;
    }

    private bool IsOwn(string origin, string? host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && (from.Authority.Equals(host, StringComparison.OrdinalIgnoreCase)
            || from.Authority.Equals(_publicAuthority, StringComparison.OrdinalIgnoreCase));

    private static string? SecretIn(HttpContext http)
    {
        string? said = http.Request.Headers.Authorization;
        return string.IsNullOrEmpty(said) ? null : said.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? said["Bearer ".Length..].Trim() : "";
    }

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
