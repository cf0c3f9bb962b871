using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace TuanLink.Journeys.Channels;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}

/// <summary>Ten thousand broken requests from one seed: whatever comes, the service answers with 4xx or 2xx, and its memory stays where it was.
/// Memory is the whole process's, so no other journey may run beside.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class FuzzJourneys
{
    private const int Seed = 20261121;
    private const int Requests = 10_000;
    private const int AtOnce = 8;

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", ":", ",", "null", "true", "1e999", "-0", "18446744073709551616", "\"type\"", "\"message\"", "\"text\"", "\"conversation\"", "\"id\"",
        "<xml>", "</xml>", "<![CDATA[", "]]>", "<MsgType>", "</MsgType>", "event", "<!DOCTYPE a [", "<!ENTITY b \"c\">", "&b;", "&#0;", "&#xD800;", "<?xml version=\"1.0\"?>", "<!--", "-->",
        "--edge", "\r\n", "Content-Disposition: form-data; name=\"activity\"", "filename=\"../../etc/passwd\"", "\0", "\u202e", "青年", "🙂", "%00", "%2e%2e/", "'; DROP TABLE youths;--", "{{7*7}}", "$(id)",
    ];

    [Fact]
    public async Task Broken_WebSocket_frames_end_their_own_socket_and_nothing_else()
    {
        await using ChannelService service = await ChannelService.Start([]);
        using HttpResponseMessage made = await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null);
        string token = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        using var begin = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Bot, "/v3/directline/conversations"));
        begin.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage begun = await service.Http.SendAsync(begin);
        JsonElement ticket = await begun.Content.ReadFromJsonAsync<JsonElement>();
        var stream = new Uri(ticket.GetProperty("streamUrl").GetString()!);
        var random = new Random(Seed);
        for (int i = 0; i < 500; i++)
        {
            using var line = new TcpClient();
            await line.ConnectAsync(service.Bot.Host, service.Bot.Port);
            NetworkStream wire = line.GetStream();
            await wire.WriteAsync(Encoding.ASCII.GetBytes($"GET {stream.PathAndQuery} HTTP/1.1\r\nHost: {service.Bot.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
            byte[] answer = new byte[4096];
            int read = await wire.ReadAsync(answer);
            Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
            byte[] frames = new byte[random.Next(1, 400)];
            random.NextBytes(frames);
            if (i % 2 == 0)
                // A frame that begins well: any opcode, masked or not, with a length that lies.
                (frames[0], frames[^1]) = ((byte)(0x80 | random.Next(16)), (byte)random.Next(256));
            try
            {
                await wire.WriteAsync(frames);
                line.Client.Shutdown(SocketShutdown.Send);
                while (await wire.ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) > 0) { }
            }
            catch (IOException)
            {
                // Cut off by the service: as good an end as any.
            }
        }
        using HttpResponseMessage alive = await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.DoesNotContain("unhandled exception", service.Log.All, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task No_broken_request_gets_a_5xx_and_memory_stays_steady()
    {
        await using WeChatPeer peer = await WeChatPeer.Start();
        await using ChannelService service = await ChannelService.Start(peer.Settings());
        using HttpResponseMessage made = await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null);
        JsonElement ticket = await made.Content.ReadFromJsonAsync<JsonElement>();
        var random = new Random(Seed);
        List<(string Name, HttpRequestMessage Request)> batch = [];
        long settled = 0;
        var statuses = new SortedDictionary<int, int>();
        for (int sent = 0; sent < Requests; sent += batch.Count)
        {
            batch.Clear();
            for (int i = 0; i < 250; i++)
                batch.Add(Broken(random, service, ticket));
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, cancel) =>
            {
                using (one.Request)
                using (HttpResponseMessage answer = await service.Http.SendAsync(one.Request, HttpCompletionOption.ResponseContentRead, cancel))
                {
                    // Unknown invoke has no other answer.
                    if ((int)answer.StatusCode >= 500 && answer.StatusCode != HttpStatusCode.NotImplemented)
                        Assert.Fail($"seed {Seed}: {one.Name} got {(int)answer.StatusCode}\n{service.Log.All[^Math.Min(3000, service.Log.All.Length)..]}");
                    lock (statuses)
                        statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
                }
            });
            if (sent == Requests / 5)
                settled = GC.GetTotalMemory(forceFullCollection: true);
        }
        // What four fifths of the flood left behind; the log that the test itself keeps is in it.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - settled, long.MinValue, 48L * 1024 * 1024);
        Assert.True(statuses.Count >= 6 && statuses.GetValueOrDefault(400) > Requests / 5, "the flood was not varied: " + string.Join(", ", statuses));
        Assert.DoesNotContain("unhandled exception", service.Log.All, StringComparison.OrdinalIgnoreCase);

        foreach (byte[] body in new[] { "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"value\":\"\\ud800\"}"u8.ToArray(), "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"value\":{\"text\":\"\\udc00\"}}"u8.ToArray(), "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"value\":{\"tuanlink\":\"human\",\"\\ud800\":\"\"}}"u8.ToArray(), [.. "{\"type\":\""u8, 0xC3, .. "\"}"u8],
            "{\"type\":\"message\",\"\\ud800\":1,\"channelId\":\"x\"}"u8.ToArray(), "{\"type\":\"message\",\"channelId\":\"x\",\"conversation\":{\"id\":\"c\"},\"value\":{\"\\ud800\":1}}"u8.ToArray() })
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await service.Http.PostAsync(new Uri(service.Bot, "/api/messages"), content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        foreach (string raw in new[] { "GET", "POST /api/messages HTTP/1.1\r\n\r\n", "POST /api/messages HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", "POST /api/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /api/wechat HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "POST /api/messages HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 70_000) + "\r\n\r\n", "\0\0\0\0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" })
            Assert.DoesNotContain("HTTP/1.1 5", await Raw(service.Bot, raw), StringComparison.Ordinal);

        // And it still does its work.
        Assert.Equal(200, (await WeChatPeer.Post(service, WeChatPeer.Text("after", "99999999", "厂里三个月没发工资了，找谁都没用"))).Status);
        Assert.Equal(1, await service.See(db => db.Inquiries.CountAsync(i => i.Channel == "wechat" && db.Conversations.Any(c => c.Id == i.ConversationId && c.ChannelConversationId == "after"))));
    }

    private static (string, HttpRequestMessage) Broken(Random random, ChannelService service, JsonElement ticket)
    {
        string conversation = ticket.GetProperty("conversationId").GetString()!;
        DateTimeOffset now = service.Clock.GetUtcNow();
        string time = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] paths =
        [
            "/api/messages", "/api/messages", "/v3/directline/tokens/generate", "/v3/directline/tokens/refresh", "/v3/directline/conversations",
            $"/v3/directline/conversations/{conversation}/activities", $"/v3/directline/conversations/{conversation}/activities?watermark={Soup(random, 3, uri: true)}", $"/v3/directline/conversations/{Soup(random, 2, uri: true)}/upload", $"/v3/directline/conversations/{conversation}/upload", $"/v3/directline/conversations/{conversation}/upload?userId={Soup(random, 1, uri: true)}", $"/v3/directline/attachments/{Soup(random, 2, uri: true)}?t={Soup(random, 3, uri: true)}",
            $"/api/wechat?signature={WeChatPeer.Sign(WeChatPeer.Token, time, "n")}&timestamp={time}&nonce=n", $"/api/wechat?signature={WeChatPeer.Sign(WeChatPeer.Token, time, "n")}&timestamp={time}&nonce=n",
            $"/api/wechat?signature={Soup(random, 2, uri: true)}&timestamp={Soup(random, 1, uri: true)}&nonce={Soup(random, 1, uri: true)}",
        ];
        string path = paths[random.Next(paths.Length)];
        HttpMethod method = random.Next(12) switch { 0 => HttpMethod.Get, 1 => HttpMethod.Put, 2 => HttpMethod.Options, _ => HttpMethod.Post };
        var request = new HttpRequestMessage(method, new Uri(service.Bot, path));
        if (random.Next(6) > 0)
            request.Headers.TryAddWithoutValidation("Authorization", random.Next(4) == 0 ? "Bearer " + Soup(random, 4, uri: true) : "Bearer " + ticket.GetProperty("token").GetString());
        if (random.Next(8) == 0)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", Soup(random, 2, uri: true));
        if (method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(Body(random, path));
            string type = random.Next(6) switch { 0 => "text/xml", 1 => "multipart/form-data; boundary=edge", _ when path.Contains("/upload", StringComparison.Ordinal) && random.Next(8) > 0 => "multipart/form-data; boundary=" + (random.Next(10) == 0 ? Soup(random, 1, uri: true) : "edge"), 2 => "text/plain", 3 => "application/json; charset=" + random.Next(99), _ => "application/json" };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return ($"{method} {path}", request);
    }

    private static byte[] Body(Random random, string path)
    {
        string good = path.Contains("/upload", StringComparison.Ordinal)
            ? "--edge\r\nContent-Disposition: form-data; name=\"activity\"; filename=\"blob\"\r\nContent-Type: application/vnd.microsoft.activity\r\n\r\n{\"type\":\"message\",\"text\":\"你好\",\"channelData\":{\"clientActivityID\":\"1\"}}\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"照片.gif\"\r\nContent-Type: image/gif\r\n\r\nGIF89a....\r\n--edge--\r\n"
            : path.StartsWith("/api/wechat", StringComparison.Ordinal) ? WeChatPeer.Text("f" + random.Next(50), random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture), "你好")
            : "{\"type\":\"message\",\"id\":\"1\",\"channelId\":\"emulator\",\"serviceUrl\":\"http://127.0.0.1:9/\",\"text\":\"你好\",\"conversation\":{\"id\":\"fuzz\"},\"from\":{\"id\":\"y\"},\"recipient\":{\"id\":\"b\"},\"membersAdded\":[{\"id\":\"y\"}],\"value\":{\"text\":\"x\"},\"attachments\":[{}],\"channelData\":{\"clientActivityID\":\"1\"}}";
        switch (random.Next(6))
        {
            case 0:
                return Encoding.UTF8.GetBytes(Soup(random, random.Next(1, 40), uri: false));
            case 1:
                byte[] noise = new byte[random.Next(1, 400)];
                random.NextBytes(noise);
                return noise;
            case 2:
                return Encoding.UTF8.GetBytes(good[..random.Next(good.Length)]);
            case 3:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 3000))));
            case 4:
                // A value exchanged for one of another kind.
                int at = random.Next(good.Length);
                return Encoding.UTF8.GetBytes(good.Insert(at, Fragments[random.Next(Fragments.Length)]));
            default:
                byte[] flipped = Encoding.UTF8.GetBytes(good);
                for (int i = random.Next(1, 6); i > 0; i--)
                    flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
                return flipped;
        }
    }

    private static string Soup(Random random, int parts, bool uri)
    {
        string soup = string.Concat(Enumerable.Range(0, parts).Select(_ => Fragments[random.Next(Fragments.Length)]));
        return uri ? Uri.EscapeDataString(soup) : soup;
    }

    private static async Task<string> Raw(Uri to, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to.Host, to.Port);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Hung up on: an answer too.
            return "";
        }
    }
}
