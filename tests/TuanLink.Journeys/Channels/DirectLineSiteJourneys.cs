using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TuanLink.Bot;

namespace TuanLink.Journeys.Channels;

/// <summary>Other sites that carry the conversation: which pages may talk to it, and for whom.</summary>
public sealed class DirectLineSiteJourneys
{
    private const string Secret = "a-secret-of-the-site-of-the-school";
    private const string School = "https://www.school.example";

    private static Task<TestService> WithTheSchool() => TestService.Start(new()
    {
        Settings = { ["Channels:DirectLine:Sites:school"] = Secret, ["Channels:DirectLine:AllowedOrigins:0"] = School },
    });

    [Fact]
    public async Task Only_pages_of_allowed_origins_may_read_the_answers()
    {
        await using TestService service = await WithTheSchool();
        foreach ((string origin, bool may) in new[] { (School, true), ("https://evil.example", false), (School + ".evil.example", false), ("http://www.school.example", false), ("null", false) })
        {
            using var asks = new HttpRequestMessage(HttpMethod.Options, new Uri(service.Bot, "/v3/directline/conversations"));
            asks.Headers.Add("Origin", origin);
            asks.Headers.Add("Access-Control-Request-Method", "POST");
            asks.Headers.Add("Access-Control-Request-Headers", "authorization, content-type, x-ms-bot-agent, x-requested-with");
            HttpResponseMessage answer = await service.Http.SendAsync(asks);
            Assert.Equal(may ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed : []);
            Assert.Equal(may, answer.Headers.TryGetValues("Access-Control-Allow-Headers", out var headers) && headers.Single().Contains("x-ms-bot-agent", StringComparison.OrdinalIgnoreCase));
        }
        // And the same pages may show the chat page in a frame.
        HttpResponseMessage page = await service.Http.GetAsync(service.Bot);
        Assert.EndsWith($"frame-ancestors 'self' {School}", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_for_the_own_page_or_for_a_sites_secret()
    {
        await using TestService service = await WithTheSchool();
        string own = service.Bot.GetLeftPart(UriPartial.Authority);
        foreach ((string? origin, string? secret, int status, string code) in new[]
        {
            (own, null, 200, ""), (null, Secret, 200, ""), (School, Secret, 200, ""),
            (School, null, 403, "BadOrigin"), ("https://evil.example", null, 403, "BadOrigin"), ("null", null, 403, "BadOrigin"),
            (null, Secret + "x", 401, "BadSecret"), (null, "", 401, "BadSecret"), (own, "guess", 401, "BadSecret"),
        })
        {
            HttpResponseMessage answer = await Generate(service, origin, secret, "pupil-7");
            Assert.True((int)answer.StatusCode == status, $"from '{origin}' with '{secret}' answered {(int)answer.StatusCode}");
            Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Words_in_another_users_name_are_refused()
    {
        await using TestService service = await WithTheSchool();
        JsonElement ticket = await (await Generate(service, null, Secret, "pupil-7")).Content.ReadFromJsonAsync<JsonElement>();
        foreach ((string? user, HttpStatusCode status) in new[] { ("pupil-8", HttpStatusCode.Forbidden), ("pupil-7", HttpStatusCode.OK), ("", HttpStatusCode.OK), (null, HttpStatusCode.OK) })
        {
            using var says = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Bot, $"/v3/directline/conversations/{ticket.GetProperty("conversationId").GetString()}/activities"))
            {
                Content = JsonContent.Create(new { type = "message", text = "团费怎么交", from = new { id = user } }),
            };
            says.Headers.Authorization = new("Bearer", ticket.GetProperty("token").GetString());
            Assert.Equal(status, (await service.Http.SendAsync(says)).StatusCode);
        }
        Assert.Equal(3, await service.See(db => db.Messages.CountAsync()));
    }

    [Theory]
    [InlineData("AllowedOrigins has 'www.school.example'", "--Channels:DirectLine:AllowedOrigins:0=www.school.example")]
    [InlineData("AllowedOrigins has 'https://www.school.example/'", "--Channels:DirectLine:AllowedOrigins:0=https://www.school.example/")]
    [InlineData("AllowedOrigins has 'http://www.school.example'", "--Channels:DirectLine:AllowedOrigins:0=http://www.school.example")]
    [InlineData("AllowedOrigins has '*'", "--Channels:DirectLine:AllowedOrigins:0=*")]
    [InlineData("Frames:school has 'https://*.school.example'", "--Channels:DirectLine:Frames:school:0=https://*.school.example")]
    [InlineData("Frames:school is no list of origins", "--Channels:DirectLine:Frames:school=https://www.school.example")]
    [InlineData("Sites:school is missing or wrong", "--Channels:DirectLine:Sites:school=hidden")]
    [InlineData("one secret twice", "--Channels:DirectLine:Sites:a=hidden-hidden-hidden-hidden", "--Channels:DirectLine:Sites:b=hidden-hidden-hidden-hidden")]
    public async Task A_wrong_setting_is_named_and_a_secret_is_not(string sentence, params string[] settings)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using WebApplication service = Service.Build(settings);
            service.Services.GetRequiredService<IStartupValidator>().Validate();
        });
        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Generate(TestService service, string? origin, string? secret, string user)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Bot, "/v3/directline/tokens/generate")) { Content = JsonContent.Create(new { user = new { id = user } }) };
        if (origin is not null)
            ask.Headers.Add("Origin", origin);
        if (secret is not null)
            ask.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        return await service.Http.SendAsync(ask);
    }
}
