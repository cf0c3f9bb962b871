using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>A public key of an issuer.</summary>
/// <param name="Endorsements">The channels whose words it may vouch for.</param>
public sealed record IssuerKey(RSAParameters Rsa, FrozenSet<string> Endorsements);

/// <summary>The issuer's keys were never read and cannot be read now: nobody can be judged.</summary>
public sealed class KeysUnavailable(Exception? cause) : Exception("The issuer's keys cannot be read.", cause);

/// <summary>
/// An issuer's keys from its OpenID metadata: kept, read anew daily and when a token names a key we do not know, but at most every five
/// minutes, so that made-up key names cost the issuer nothing. While the metadata is down, the keys read before go on working.
/// </summary>
public sealed class IssuerKeys(HttpClient http, Uri metadata, TimeProvider time, ILogger log) : IDisposable
{
    private const int SmallestKey = 2048;
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(24);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenFirstTries = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Kept? _kept;
    private long _triedTicks;

    /// <returns>None if the issuer has no such key.</returns>
    /// <exception cref="KeysUnavailable">No keys were ever read.</exception>
    public async ValueTask<IssuerKey?> Find(string id, CancellationToken cancel)
    {
        if (NeedsReading(id))
            await Read(id, cancel);
        return (_kept ?? throw new KeysUnavailable(null)).Keys.GetValueOrDefault(id);
    }

    private bool NeedsReading(string id)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now.UtcTicks - Interlocked.Read(ref _triedTicks) < (_kept is null ? BetweenFirstTries : BetweenTries).Ticks)
            return false;
        return _kept is not { } kept || now - kept.At >= Fresh || !kept.Keys.ContainsKey(id);
    }

    private async Task Read(string id, CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            // Those who waited find what the first one read.
            if (!NeedsReading(id))
                return;
            Interlocked.Exchange(ref _triedTicks, time.GetUtcNow().UtcTicks);
            _kept = new(await Fetch(cancel), time.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or TaskCanceledException or FormatException)
        {
            if (cancel.IsCancellationRequested)
                throw;
            log.LogWarning("The keys of {Host} cannot be read ({Cause}); {Rest}.", metadata.Host, e.GetType().Name, _kept is null ? "its callers are asked to come again" : "the kept ones are used");
            if (_kept is null)
                throw new KeysUnavailable(e);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<FrozenDictionary<string, IssuerKey>> Fetch(CancellationToken cancel)
    {
        using JsonDocument about = JsonDocument.Parse(await Get(metadata, cancel), Reading);
        string? where = about.RootElement.GetProperty("jwks_uri").GetString();
        // Keys that anybody on the way could exchange are none.
        if (!Uri.TryCreate(where, UriKind.Absolute, out Uri? address) || !SecureAddress.Is(address))
            throw new FormatException("jwks_uri is not a secure address.");
        using JsonDocument set = JsonDocument.Parse(await Get(address, cancel), Reading);
        var keys = new Dictionary<string, IssuerKey>(StringComparer.Ordinal);
        foreach (JsonElement json in set.RootElement.GetProperty("keys").EnumerateArray())
            if (json.ValueKind == JsonValueKind.Object && json.Words("kid") is { Length: > 0 } id && KeyIn(json) is { } key)
                keys[id] = key;
        return keys.Count > 0 ? keys.ToFrozenDictionary(StringComparer.Ordinal) : throw new FormatException("The issuer shows no key.");
    }

    private async Task<byte[]> Get(Uri address, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync(address, cancel);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancel);
    }

    private static IssuerKey? KeyIn(JsonElement json)
    {
        if (json.Words("kty") != "RSA" || json.Words("use") is not (null or "sig") || json.Words("n") is not { } n || json.Words("e") is not { } e
            || !Base64Url.IsValid(n) || !Base64Url.IsValid(e))
            return null;
        byte[] modulus = Base64Url.DecodeFromChars(n);
        string[] endorsed = json.TryGetProperty("endorsements", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!)] : [];
        var parameters = new RSAParameters { Modulus = modulus, Exponent = Base64Url.DecodeFromChars(e) };
        try
        {
            using RSA usable = RSA.Create(parameters);
            return usable.KeySize < SmallestKey ? null : new(parameters, endorsed.ToFrozenSet(StringComparer.OrdinalIgnoreCase));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _reading.Dispose();

    private sealed record Kept(FrozenDictionary<string, IssuerKey> Keys, DateTimeOffset At);
}
