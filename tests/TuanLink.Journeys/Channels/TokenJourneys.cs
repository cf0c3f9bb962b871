using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Claims = System.Collections.Generic.Dictionary<string, object?>;

namespace TuanLink.Journeys.Channels;

/// <summary>One issuer and one service that trusts it, for all cases.</summary>
public sealed class TrustingService : IAsyncLifetime
{
    public TokenIssuer Issuer { get; private set; } = null!;
    public ChannelService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await TokenIssuer.Start();
        Service = await ChannelService.Start(Issuer.Settings);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

public sealed class TokenJourneys(TrustingService trusting) : IClassFixture<TrustingService>
{
    private static readonly string V1 = $"https://sts.windows.net/{TokenIssuer.Tenant}/";
    private readonly TokenIssuer _issuer = trusting.Issuer;
    private readonly ChannelService _service = trusting.Service;

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string name in new[] { "a channel's", "a channel's for several audiences", "expired within the skew", "not yet valid within the skew", "the emulator's version 1", "the emulator's version 2", "the emulator's without a version" })
            cases.Add(name, 200);
        foreach (string name in new[]
        {
            "none", "empty", "another scheme", "no dots", "two parts", "garbage parts", "header that is no JSON", "header with a broken name", "claims that are no object", "too long",
            "another issuer", "no issuer", "another audience", "no audience", "audience that is a number", "expired", "no end", "end that is a text", "not yet valid",
            "unknown key", "no key id", "signed by a stranger", "tampered claims", "alg none", "alg none without signature", "HS256 with the public key", "RS512 named", "crit header",
            "no serviceurl", "another serviceurl", "serviceurl with another ending", "channel not endorsed", "duplicate claims",
            "the emulator's for another app", "the emulator's of another tenant", "version 1 with azp", "version 2 with appid", "unknown version",
        })
            cases.Add(name, 401);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_token_opens_the_door_only_if_everything_in_it_is_right(string name, int status)
    {
        int before = await _service.See(db => db.Messages.CountAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_service.Bot, "/api/messages"))
        { Content = JsonContent.Create(Activity(name == "channel not endorsed" ? "slack" : "emulator", _issuer.Url + "/connector")) };
        if (Authorization(name) is { } carried)
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", carried));
        using HttpResponseMessage answer = await _service.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? before + 1 : before, await _service.See(db => db.Messages.CountAsync()));
        if (status == 401)
            // Nothing is told but that.
            Assert.Equal("{\"error\":{\"code\":401,\"message\":\"The caller is not trusted.\"}}", await answer.Content.ReadAsStringAsync());
    }

    private static object Activity(string channel, string serviceUrl) => new
    {
        type = "message", id = Guid.NewGuid().ToString("N"), channelId = channel, serviceUrl, text = "学校食堂的饭卡充值不到账，找谁处理",
        conversation = new { id = "t-" + Guid.NewGuid().ToString("N") }, from = new { id = "y" }, recipient = new { id = "bot" },
    };

    private string? Authorization(string name)
    {
        DateTimeOffset now = _service.Clock.GetUtcNow();
        string good = _issuer.Token(now);
        string[] parts = good.Split('.');
        string With(Action<Claims> claims) => "Bearer " + _issuer.Token(now, claims);
        string Headed(Action<Claims> header) => "Bearer " + _issuer.Token(now, null, header);
        string Emulator(string issuer, string? version, string claim, string app) => With(c =>
        {
            c.Remove("serviceurl");
            (c["iss"], c[claim]) = (issuer, app);
            if (version is not null)
                c["ver"] = version;
        });
        string V2(string tenant) => $"{_issuer.Url}/{tenant}/v2.0";
        return name switch
        {
            "a channel's" => "Bearer " + good,
            "a channel's for several audiences" => With(c => c["aud"] = new[] { "other", TokenIssuer.App }),
            "expired within the skew" => With(c => c["exp"] = now.AddMinutes(-4).ToUnixTimeSeconds()),
            "not yet valid within the skew" => With(c => c["nbf"] = now.AddMinutes(4).ToUnixTimeSeconds()),
            "the emulator's version 1" => Emulator(V1, "1.0", "appid", TokenIssuer.App),
            "the emulator's version 2" => Emulator(V2(TokenIssuer.Tenant), "2.0", "azp", TokenIssuer.App),
            "the emulator's without a version" => Emulator(V1, null, "appid", TokenIssuer.App),
            "none" => null,
            "empty" => "Bearer ",
            "another scheme" => "Basic " + good,
            "no dots" => "Bearer abc",
            "two parts" => $"Bearer {parts[0]}.{parts[1]}",
            "garbage parts" => "Bearer !!!.???.---",
            "header that is no JSON" => $"Bearer {Base64Url.EncodeToString("no"u8)}.{parts[1]}.{parts[2]}",
            "header with a broken name" => $"Bearer {Base64Url.EncodeToString("{\"alg\":\"RS256\",\"\\ud800\":1}"u8)}.{parts[1]}.{parts[2]}",
            "claims that are no object" => $"Bearer {parts[0]}.{Base64Url.EncodeToString("[1]"u8)}.{parts[2]}",
            "too long" => $"Bearer {good}{new string('A', 9000)}",
            "another issuer" => With(c => c["iss"] = "https://api.botframework.com.evil.example"),
            "no issuer" => With(c => c.Remove("iss")),
            "another audience" => With(c => c["aud"] = "22222222-2222-3333-4444-555555555555"),
            "no audience" => With(c => c.Remove("aud")),
            "audience that is a number" => With(c => c["aud"] = 5),
            "expired" => With(c => c["exp"] = now.AddMinutes(-6).ToUnixTimeSeconds()),
            "no end" => With(c => c.Remove("exp")),
            "end that is a text" => With(c => c["exp"] = "9999999999"),
            "not yet valid" => With(c => c["nbf"] = now.AddMinutes(6).ToUnixTimeSeconds()),
            "unknown key" => Headed(h => h["kid"] = "k9"),
            "no key id" => Headed(h => h.Remove("kid")),
            "signed by a stranger" => "Bearer " + _issuer.Token(now, key: _issuer.Stranger),
            "tampered claims" => $"Bearer {parts[0]}.{TokenIssuer.Part(new() { ["iss"] = "https://api.botframework.com", ["aud"] = TokenIssuer.App, ["exp"] = 9999999999L, ["serviceurl"] = _issuer.Url + "/connector" })}.{parts[2]}",
            "alg none" => Headed(h => h["alg"] = "none"),
            "alg none without signature" => $"Bearer {TokenIssuer.Part(new() { ["alg"] = "none", ["kid"] = "k1" })}.{parts[1]}.",
            "HS256 with the public key" => Confused(parts[1]),
            "RS512 named" => Headed(h => h["alg"] = "RS512"),
            "crit header" => Headed(h => h["crit"] = new[] { "x" }),
            "no serviceurl" => With(c => c.Remove("serviceurl")),
            "another serviceurl" => With(c => c["serviceurl"] = "https://elsewhere.example/"),
            "serviceurl with another ending" => With(c => c["serviceurl"] = _issuer.Url + "/connector/"),
            "channel not endorsed" => "Bearer " + good,
            "duplicate claims" => Duplicated(now),
            "the emulator's for another app" => Emulator(V1, "1.0", "appid", "22222222-2222-3333-4444-555555555555"),
            "the emulator's of another tenant" => Emulator("https://sts.windows.net/99999999-f39b-4df7-a1dc-d59a935871db/", "1.0", "appid", TokenIssuer.App),
            "version 1 with azp" => Emulator(V1, "1.0", "azp", TokenIssuer.App),
            "version 2 with appid" => Emulator(V2(TokenIssuer.Tenant), "2.0", "appid", TokenIssuer.App),
            "unknown version" => Emulator(V1, "3.0", "appid", TokenIssuer.App),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }

    // The old trick: the public key, which anybody has, used as the secret of a symmetric signature.
    private string Confused(string claims)
    {
        string signed = $"{TokenIssuer.Part(new() { ["alg"] = "HS256", ["kid"] = "k1" })}.{claims}";
        byte[] secret = Encoding.ASCII.GetBytes(_issuer.Key.ExportSubjectPublicKeyInfoPem());
        return $"Bearer {signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private string Duplicated(DateTimeOffset now)
    {
        string claims = $"{{\"iss\":\"https://api.botframework.com\",\"aud\":\"{TokenIssuer.App}\",\"aud\":\"other\",\"exp\":{now.AddHours(1).ToUnixTimeSeconds()},\"serviceurl\":\"{_issuer.Url}/connector\"}}";
        string signed = $"{TokenIssuer.Part(new() { ["alg"] = "RS256", ["kid"] = "k1" })}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"Bearer {signed}.{Base64Url.EncodeToString(_issuer.Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://172.20.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://100.64.0.9/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[64:ff9b::a00:1]/")]
    [InlineData("https://[2002:a00:1::]/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://intranet/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://user@example.com/")]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    public async Task An_inside_serviceUrl_is_refused_even_with_a_valid_token(string serviceUrl)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_service.Bot, "/api/messages")) { Content = JsonContent.Create(Activity("emulator", serviceUrl)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token(_service.Clock.GetUtcNow(), c => c["serviceurl"] = serviceUrl));
        using HttpResponseMessage answer = await _service.Http.SendAsync(request);
        Assert.Equal(403, (int)answer.StatusCode);
    }
}
