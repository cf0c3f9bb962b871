using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>npm's offline-directline, somebody else's connector, stands in front of POST /api/messages.</summary>
public sealed class OfflineDirectLineJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    private NodePeer _connector = null!;
    private Uri _line = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start();
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        _connector = new NodePeer("offline-peer", port, new Uri(_service.Bot, "/api/messages").ToString());
        await _connector.Hear();
        _line = new Uri($"http://127.0.0.1:{port}/directline/");
    }

    public async Task DisposeAsync()
    {
        await _connector.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_conversation_goes_through_it_and_a_cadres_answer_comes_back()
    {
        string conversation = (await Read(await _service.Http.PostAsync(new Uri(_line, "conversations"), null))).GetProperty("conversationId").GetString()!;
        await Say(conversation, "团员证弄丢了怎么补办，转接材料要用");
        Assert.Contains("QS-", await Heard(conversation, 1), StringComparison.Ordinal);

        using AdminPages cadre = await _service.SignIn((await _service.InquiryOf(conversation)).HandlerId);
        string item = $"/inquiries/{(await _service.InquiryOf(conversation)).Reference}";
        await cadre.Post(item, $"{item}?handler=Reply", ("Text", "到校团委 302 室填补办申请表，交一张一寸照片，三天后取。"));
        Assert.Contains("三天后取", await Heard(conversation, 2), StringComparison.Ordinal);

        // It sends only what it was told; a press on our card goes the same way.
        await _service.Wait(TimeSpan.FromHours(3));
        Assert.Contains("解决你的问题了吗", await Heard(conversation, 3), StringComparison.Ordinal);
        JsonElement card = (await Activities(conversation)).Last(a => a.TryGetProperty("attachments", out _)).GetProperty("attachments")[0].GetProperty("content");
        await Post(conversation, new { type = "message", from = new { id = "pupil" }, value = card.GetProperty("actions")[0].GetProperty("data"), channelData = new { postBack = true } });
        Assert.Contains("记为解决", await Heard(conversation, 4), StringComparison.Ordinal);
        // It knows no updates (404), and nobody minds.
        Assert.Contains("打几颗星", await Heard(conversation, 5), StringComparison.Ordinal);
        Assert.Empty(_service.Errors);
    }

    private Task Say(string conversation, string text) => Post(conversation, new { type = "message", text, from = new { id = "pupil" } });

    private async Task Post(string conversation, object activity) =>
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsJsonAsync(new Uri(_line, $"conversations/{conversation}/activities"), activity)).StatusCode);

    private async Task<List<JsonElement>> Activities(string conversation) =>
        [.. (await Read(await _service.Http.GetAsync(new Uri(_line, $"conversations/{conversation}/activities?watermark=0")))).GetProperty("activities").EnumerateArray()];

    // It takes turns in the order in which they come: the bot's words are those that name an answered activity or our bot.
    private async Task<string> Heard(string conversation, int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            List<JsonElement> said = (await Activities(conversation)).FindAll(a => a.GetProperty("from").GetProperty("id").GetString() != "pupil" && a.GetProperty("type").GetString() == "message");
            if (said.Count >= number)
                return said[number - 1].GetProperty("text").GetString()!;
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
