using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>A JSON Web Token (RFC 7519) taken apart; nothing in it may be believed before <see cref="IsSignedBy"/> says so.</summary>
public sealed class SignedToken
{
    private const int Longest = 8 * 1024;
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly byte[] _signed;
    private readonly byte[] _signature;
    private readonly JsonElement _claims;

    private SignedToken(string key, byte[] signed, byte[] signature, JsonElement claims) =>
        (KeyId, _signed, _signature, _claims) = (key, signed, signature, claims);

    /// <summary>The id of the key it says it is signed with.</summary>
    public string KeyId { get; }

    /// <summary>Takes the token of an Authorization header apart.</summary>
    /// <returns>None if it is no token, or not one signed with RS256: no other way is believed, above all not "none".</returns>
    public static SignedToken? Read(string? authorization)
    {
        if (authorization is null || authorization.Length > Longest || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return null;
        string[] parts = authorization["Bearer ".Length..].Trim().Split('.');
        if (parts.Length != 3 || parts.Any(p => p.Length == 0 || !Base64Url.IsValid(p)))
            return null;
        if (Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
            return null;
        // A header that demands to be understood ("crit") and is not, voids the token (RFC 7515 §4.1.11).
        if (Text(header, "alg") != "RS256" || Text(header, "kid") is not { Length: > 0 } key || header.TryGetProperty("crit", out _))
            return null;
        return new(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), claims);
    }

    public bool IsSignedBy(IssuerKey key)
    {
        // A key object of its own for each check: they are not made to be shared.
        using RSA rsa = RSA.Create(key.Rsa);
        return rsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>A claim that is a text.</summary>
    public string? Claim(string name) => Text(_claims, name);

    /// <summary>Whether the token is meant for the audience; it may name several.</summary>
    public bool IsFor(string audience) => _claims.TryGetProperty("aud", out JsonElement aud) && aud.ValueKind switch
    {
        JsonValueKind.String => aud.ValueEquals(audience),
        JsonValueKind.Array => aud.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && a.ValueEquals(audience)),
        _ => false,
    };

    /// <summary>Whether the token's time is now, give or take; one without an end is never valid.</summary>
    public bool IsValidAt(DateTimeOffset now, TimeSpan skew)
    {
        if (Seconds("exp") is not { } end || now.ToUnixTimeSeconds() - (long)skew.TotalSeconds >= end)
            return false;
        return !_claims.TryGetProperty("nbf", out _) || (Seconds("nbf") is { } begin && now.ToUnixTimeSeconds() + (long)skew.TotalSeconds >= begin);
    }

    private long? Seconds(string name) =>
        _claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long seconds) ? seconds : null;

    private static string? Text(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Json(string part)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Reading);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            // A name with half a surrogate pair would fail only when the field is looked for.
            foreach (JsonProperty field in json.RootElement.EnumerateObject())
                _ = field.Name;
            return json.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
