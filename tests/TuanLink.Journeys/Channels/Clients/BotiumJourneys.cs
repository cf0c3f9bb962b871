using System.Text.Json;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>botium-core with its Direct Line connector talks the scripts of botium-peer/talks.</summary>
public sealed class BotiumJourneys
{
    private const string Secret = "a-secret-of-the-site-of-the-school";

    [Fact]
    public async Task Every_scripted_talk_is_answered_as_written()
    {
        await using TestService service = await TestService.Start(new() { Settings = { ["Channels:DirectLine:Sites:school"] = Secret } });
        await using var botium = new NodePeer("botium-peer", service.Bot.ToString().TrimEnd('/'), Secret);
        List<JsonElement> talks = await botium.HearAll();
        Assert.All(talks, talk => Assert.False(talk.TryGetProperty("failed", out JsonElement why), $"{talk.GetProperty("talk")}: {why}"));
        Assert.Equal(Directory.GetFiles(Path.Combine(NodePeer.Place("botium-peer"), "talks")).Length, talks.Count);
        Assert.Empty(service.Errors);
    }
}
