using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Journeys.Channels;

/// <summary>Keys that change, tokens of ours that end, names that lead inside.</summary>
public sealed class ConnectorJourneys : IAsyncLifetime
{
    private TokenIssuer _issuer = null!;
    private ChannelService? _service;

    public async Task InitializeAsync() => _issuer = await TokenIssuer.Start();

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_read_anew_for_an_unknown_one_every_five_minutes_at_most_and_go_on_working_while_the_issuer_is_down()
    {
        _issuer.IsDown = true;
        _service = await ChannelService.Start(_issuer.Settings);
        Assert.Equal(503, await Say("k1", _issuer.Key));
        _issuer.IsDown = false;
        _service.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, await Say("k1", _issuer.Key));
        Assert.Equal(1, _issuer.KeysRead);

        // A flood of made-up key names reads nothing anew.
        for (int i = 0; i < 20; i++)
            Assert.Equal(401, await Say($"made-up-{i}", _issuer.Stranger));
        Assert.Equal(1, _issuer.KeysRead);

        // The issuer changes its key: known after five minutes.
        using RSA next = RSA.Create(2048);
        _issuer.Show("k2", next, "emulator");
        Assert.Equal(401, await Say("k2", next));
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, await Say("k2", next));
        Assert.Equal(2, _issuer.KeysRead);

        _issuer.IsDown = true;
        _service.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(200, await Say("k2", next));
        Assert.Equal(401, await Say("k3", next));
    }

    [Fact]
    public async Task Our_token_is_kept_renewed_before_its_end_asked_anew_once_when_refused_and_never_logged()
    {
        _service = await ChannelService.Start(_issuer.Settings);
        await Say("k1", _issuer.Key, "c1");
        await Say("k1", _issuer.Key, "c2");
        await Heard(2);
        Assert.All(_issuer.Heard, h => Assert.Equal("Bearer own-1", h.Authorization));
        Assert.Equal(1, _issuer.TokensIssued);

        _service.Clock.Advance(TimeSpan.FromMinutes(56));
        await Say("k1", _issuer.Key, "c3");
        await Heard(3);
        Assert.Equal("Bearer own-2", _issuer.Heard.Last().Authorization);

        // Refused before its time: once anew, not again and again.
        _issuer.Connector = token => token == "Bearer own-2" ? 401 : 200;
        await Say("k1", _issuer.Key, "c4");
        await Heard(4);
        Assert.Equal(("Bearer own-3", 3), (_issuer.Heard.Last().Authorization, _issuer.TokensIssued));
        _issuer.Connector = _ => 401;
        int asked = 0;
        _issuer.Connector = _ => { Interlocked.Increment(ref asked); return 401; };
        await Say("k1", _issuer.Key, "c5");
        await _service.Until(() => Task.FromResult(asked >= 2), "the connector was not asked twice");
        Assert.Equal(4, _issuer.TokensIssued);
        Assert.DoesNotContain(TokenIssuer.Secret, _service.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("own-1", _service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_called_also_when_it_changes_its_mind()
    {
        var found = new Dictionary<string, string[]> { ["rebinding.example.com"] = ["93.184.216.34"], ["inside.example.com"] = ["10.0.0.7"], ["mixed.example.com"] = ["93.184.216.34", "127.0.0.1"] };
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        ResolveName names = (host, _) =>
        {
            asked.Enqueue(host);
            return Task.FromResult(found[host].Select(IPAddress.Parse).ToArray());
        };
        using var calls = new OutsideCalls(names);
        // An open port on this machine stands where the names lead.
        int port = new Uri(_issuer.Url).Port;
        foreach (string host in new[] { "inside.example.com", "mixed.example.com" })
            Assert.IsType<AddressRefused>((await Assert.ThrowsAsync<HttpRequestException>(() => calls.Guarded.GetAsync(new Uri($"https://{host}:{port}/")))).InnerException);
        // Looked up once as public, and then again: what counts is what is connected to.
        found["rebinding.example.com"] = ["127.0.0.1"];
        Assert.IsType<AddressRefused>((await Assert.ThrowsAsync<HttpRequestException>(() => calls.Guarded.GetAsync(new Uri($"http://rebinding.example.com:{port}/keys")))).InnerException);
        Assert.IsType<AddressRefused>((await Assert.ThrowsAsync<HttpRequestException>(() => calls.Guarded.GetAsync(new Uri($"http://127.0.0.1:{port}/keys")))).InnerException);
        Assert.Equal(0, _issuer.KeysRead);
        Assert.Equal(3, asked.Count);
        // The same port is there: without the guard it answers.
        Assert.Equal(HttpStatusCode.OK, (await calls.Configured.GetAsync(new Uri($"http://127.0.0.1:{port}/keys"))).StatusCode);

        // The whole way: a trusted channel names a public https address whose name leads inside; the words are kept, nothing is called.
        _service = await ChannelService.Start(_issuer.Settings, names: names);
        Assert.Equal(200, await Say("k1", _issuer.Key, "c1", "https://inside.example.com/"));
        await _service.Until(() => _service.See(db => Task.FromResult(db.Outbox.Any(o => o.Attempts > 0 && o.LastError != null))), "nothing was tried");
        Assert.Contains("inside.example.com", asked.Skip(3));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapFallback(() => Results.Redirect(_issuer.Url + "/keys"));
        await app.StartAsync();
        using var calls = new OutsideCalls(Dns.GetHostAddressesAsync);
        Assert.Equal(HttpStatusCode.Redirect, (await calls.Configured.GetAsync(new Uri(app.Urls.First()))).StatusCode);
        Assert.Equal(0, _issuer.KeysRead);
    }

    [Fact]
    public void A_host_that_fails_again_and_again_is_left_alone_and_then_tried_by_one()
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 18, 1, 0, 0, TimeSpan.Zero));
        var circuits = new Circuits(clock);
        for (int i = 0; i < 10; i++)
        {
            circuits.Enter("a");
            circuits.Failed("a");
        }
        Assert.Throws<CircuitIsOpen>(() => circuits.Enter("a"));
        circuits.Enter("b");
        clock.Advance(TimeSpan.FromSeconds(15));
        circuits.Enter("a");
        Assert.Throws<CircuitIsOpen>(() => circuits.Enter("a"));
        circuits.Succeeded("a");
        circuits.Enter("a");
        circuits.Enter("a");
    }

    private async Task<int> Say(string keyId, RSA key, string conversation = "c", string? serviceUrl = null)
    {
        serviceUrl ??= _issuer.Url + "/connector";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_service!.Bot, "/api/messages"))
        {
            Content = JsonContent.Create(new
            {
                type = "message", id = Guid.NewGuid().ToString("N"), channelId = "emulator", serviceUrl, text = "想问一下入团申请书怎么写",
                conversation = new { id = conversation }, from = new { id = "y" }, recipient = new { id = "bot" },
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer",
            _issuer.Token(_service.Clock.GetUtcNow(), c => c["serviceurl"] = serviceUrl, h => h["kid"] = keyId, key));
        using HttpResponseMessage answer = await _service.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private Task Heard(int atLeast) => _service!.Until(() => Task.FromResult(_issuer.Heard.Count >= atLeast), $"fewer than {atLeast} replies came");
}
