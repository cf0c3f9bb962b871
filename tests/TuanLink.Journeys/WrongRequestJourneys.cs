using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace TuanLink.Journeys;

/// <summary>One service for all requests that must leave nothing behind: whatever one of them left, the next would see.</summary>
public sealed class QuietService : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;
    public async Task InitializeAsync() => Service = await TestService.Start();
    public async Task DisposeAsync() => await Service.DisposeAsync();
}

public sealed class WrongRequestJourneys(QuietService quiet) : IClassFixture<QuietService>
{
    private readonly TestService service = quiet.Service;

    public static TheoryData<string, string, string, int> WrongRequests() => new()
    {
        { "POST", "application/json", "", 400 }, { "POST", "application/json", "{", 400 }, { "POST", "application/json", "[]", 400 }, { "POST", "application/json", "null", 400 },
        { "POST", "application/json", "{}", 400 }, { "POST", "application/json", "{\"type\":5}", 400 }, { "POST", "application/json", "{\"type\":\"message\"}", 400 },
        { "POST", "application/json", "{\"type\":\"message\",\"conversation\":7}", 400 }, { "POST", "application/json", "{\"type\":\"message\",\"conversation\":{}}", 400 },
        { "POST", "application/json", "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"text\":{}}", 400 },
        { "POST", "application/json", "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"text\":\"\\ud800\"}", 400 },
        { "POST", "application/json", "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"text\":\"hi\",\"serviceUrl\":\"http://10.0.0.1/\"}", 403 },
        { "POST", "application/json", "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"text\":\"hi\",\"serviceUrl\":\"file:///etc/passwd\"}", 403 },
        { "POST", "application/json", "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"text\":\"hi\"}", 403 },
        { "POST", "application/json", "{\"type\":\"invoke\",\"name\":\"x\"}", 501 }, { "POST", "application/json", "{\"type\":\"typing\"}", 200 }, { "POST", "application/json", "{\"type\":\"somethingNew\",\"a\":[1]}", 200 },
        { "POST", "text/plain", "{}", 415 }, { "POST", "application/xml", "<a/>", 415 }, { "GET", "application/json", "", 405 }, { "DELETE", "application/json", "{}", 405 }, { "PUT", "application/json", "{}", 405 },
        { "POST", "application/json", new string('[', 5000), 400 }, { "POST", "application/json", "{\"type\":\"message\",\"id\":\"" + new string('x', 2000) + "\"}", 400 },
        { "POST", "application/json", "{\"type\":\"message\",\"text\":\"" + new string('x', 300_000) + "\"}", 413 },
    };

    [Theory, MemberData(nameof(WrongRequests))]
    public async Task A_wrong_request_gets_its_answer_and_leaves_nothing(string verb, string type, string body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(service.Bot, "/api/messages"));
        if (verb != "GET")
            request.Content = new StringContent(body, Encoding.UTF8, type);
        using HttpResponseMessage answer = await service.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(0, await service.See(db => db.Messages.CountAsync()));
    }

    [Fact]
    public async Task The_two_ports_never_answer_for_one_another_whatever_the_Host_header_says()
    {
        foreach ((Uri address, string path, string host) in new[]
        {
            (service.Bot, "/sign-in", service.Admin.Authority), (service.Bot, "/jobs", service.Admin.Authority), (service.Admin, "/v3/directline/conversations/x", service.Bot.Authority),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
            request.Headers.Host = host;
            Assert.Equal(HttpStatusCode.NotFound, (await service.Http.SendAsync(request)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.PostAsJsonAsync(new Uri(service.Admin, "/api/messages"), service.Activity("c", "1", "x"))).StatusCode);
    }
}
