using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace TuanLink.Journeys.Channels;

/// <summary>Direct Line as Microsoft's own client speaks it.</summary>
public sealed class DirectLineClientJourneys : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-site-of-the-school";
    private TestService _service = null!;

    public async Task InitializeAsync() => _service = await TestService.Start(new()
    {
        Settings = { ["Limits:YouthBurst"] = "1000", ["Channels:DirectLine:Sites:school"] = Secret },
    });

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_client_hears_its_own_words_and_the_answers_in_order_by_socket_and_by_polling(bool webSocket)
    {
        using var client = new DirectLinePeer();
        client.Start(_service.Bot, await TokenOfTheSite(), webSocket);
        await client.Hears(1);
        client.Post("团费怎么交，毕业了还要不要交", "k1");
        string id = (await client.Says("posted")).GetProperty("posted").GetString()!;
        await client.Hears(3);
        Assert.Equal((id, "k1"), (client.Heard[1].GetProperty("id").GetString(), client.Heard[1].GetProperty("channelData").GetProperty("clientActivityID").GetString()));
        Assert.Contains("QS-", client.Heard[2].GetProperty("text").GetString(), StringComparison.Ordinal);

        // A cadre's answer comes by itself.
        using AdminPages cadre = await _service.SignIn((await _service.See(db => db.Inquiries.SingleAsync())).HandlerId);
        string item = $"/inquiries/{await _service.See(db => db.Inquiries.Select(i => i.Reference).SingleAsync())}";
        Shown replied = await cadre.Post(item, $"{item}?handler=Reply", ("Text", "28 周岁自然离团，带团员证到你单位团支部登记，当场开离团证明，不收费。"));
        Assert.Contains("已发出", replied.Words, StringComparison.Ordinal);
        await client.Hears(4);
        Assert.Contains("当场开离团证明", client.Heard[3].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_cut_fifty_times_loses_nothing_and_hears_nothing_twice()
    {
        const int cuts = 50;
        var chance = new Random(2611);
        using var client = new DirectLinePeer();
        client.Start(_service.Bot, await TokenOfTheSite());
        await client.Says("opened");
        await client.Hears(1);
        int expected = 1;
        for (int i = 0; i < cuts; i++)
        {
            int when = chance.Next(4);
            if (when == 0)
                client.Cut();
            client.Post(i == 0 ? "团费怎么交" : "进度", $"k{i}");
            expected += 2;
            if (when == 1)
                client.Cut();
            await client.Says("posted");
            if (when == 2)
                client.Cut();
            // Sometimes it has heard everything before the cut, sometimes not.
            if (when == 3)
            {
                await client.Hears(expected);
                client.Cut();
            }
            else if (chance.Next(2) == 0)
            {
                await client.Hears(expected);
            }
        }
        await client.Hears(expected);
        // One more word marks the end: whatever came twice came before it.
        client.Post("进度", "last");
        await client.Hears(expected + 2);
        List<string?> heard = client.Heard.ConvertAll(a => a.GetProperty("id").GetString());
        Assert.Equal(await _service.See(db => db.Transcript.OrderBy(t => t.Id).Select(t => (string?)t.ActivityId).ToListAsync()), heard);
    }

    // As the site's own server asks for it, for the person it knows.
    private async Task<string> TokenOfTheSite()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, new Uri(_service.Bot, "/v3/directline/tokens/generate")) { Content = JsonContent.Create(new { user = new { id = "pupil-7" } }) };
        ask.Headers.Authorization = new("Bearer", Secret);
        return (await (await _service.Http.SendAsync(ask)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
