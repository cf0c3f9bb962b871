using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Journeys.Channels;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Attachments;

/// <summary>Files that a channel only names: fetched after the commit, tried again, never from inside, never lost by a restart.</summary>
public sealed class FetchJourneys : IAsyncLifetime
{
    private FilePeer _files = null!;

    public async Task InitializeAsync() => _files = await FilePeer.Start();
    public async Task DisposeAsync() => await _files.DisposeAsync();

    [Fact]
    public async Task Each_file_gets_what_it_deserves_and_the_words_stand_whatever_becomes_of_it()
    {
        await using TestService service = await TestService.Start();
        byte[] photo = Samples.Jpeg(600_000);
        int asked = 0;
        _files.Files["flaky.png"] = http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref asked) < 3 ? 503 : 200;
            return http.Response.StatusCode == 200 ? http.Response.Body.WriteAsync(Samples.Png).AsTask() : Task.CompletedTask;
        };
        _files.Files["moved.png"] = http =>
        {
            http.Response.Redirect("/good.jpg");
            return Task.CompletedTask;
        };
        _files.Files["endless.jpg"] = async http =>
        {
            byte[] part = Samples.Jpeg(200_000);
            for (int i = 0; i < 60; i++)
                await http.Response.Body.WriteAsync(part);
        };
        _files.Files["long.jpg"] = async http =>
        {
            http.Response.ContentLength = SentFile.Largest + 1;
            await http.Response.Body.WriteAsync(Samples.Jpeg(1000));
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        string carried = "data:audio/wav;base64," + Convert.ToBase64String(Samples.Wav[..2000]);
        Assert.Equal(200, await Say(service, "c1", "宿舍水管爆了三天没人修", _files.Put("good.jpg", photo, "text/html"), carried, $"{_files.Url}/long.jpg", $"{_files.Url}/flaky.png", $"{_files.Url}/gone.png", $"{_files.Url}/sixth.png"));
        Assert.Equal(200, await Say(service, "c2", "食堂饭卡充值不到账", $"{_files.Url}/moved.png", $"{_files.Url}/endless.jpg", _files.Put("page.png", Samples.Html, "image/png"), "ftp://example.com/x", "data:image/png,%%%"));
        await service.Heard("c1", 1);

        await Until(service, async () => await Count(service, AttachmentState.Pending) == 1, "not everything that can be settled was");
        Assert.Equal([AttachmentFailure.TooLarge, AttachmentFailure.Gone, AttachmentFailure.TooMany], await Failures(service, "c1"));
        Assert.Equal([AttachmentFailure.Refused, AttachmentFailure.TooLarge, AttachmentFailure.KindNotTaken, AttachmentFailure.AddressRefused, AttachmentFailure.KindNotTaken], await Failures(service, "c2"));
        Attachment kept = await service.See(db => db.Attachments.FirstAsync(a => a.State == AttachmentState.Kept && a.Size == 600_000));
        Assert.Equal(("image/jpeg", ""), (kept.MediaType, kept.Address));
        using var all = new MemoryStream();
        await service.Get<AttachmentBytes>().Open(kept).CopyToAsync(all);
        Assert.Equal(photo, all.ToArray());

        // The broken one mends.
        await Until(service, () => NoneAwaitedAMinuteLater(service), "it did not mend");
        Assert.Equal((3, 3), (await Count(service, AttachmentState.Kept), asked));
        // Of those that failed half-way nothing is left.
        Assert.Equal(3, await service.See(db => db.AttachmentParts.Select(p => p.Key).Distinct().CountAsync()));
        Inquiry inquiry = await service.InquiryOf("c1");
        List<string> story = await service.See(db => db.Timeline.Where(t => t.InquiryId == inquiry.Id).OrderBy(t => t.Id).Select(t => t.Text).ToListAsync());
        Assert.Equal(2, story.Count(t => t == "青年发来的图片已从渠道取回"));
        Assert.Contains("青年发来的附件没有保存：渠道上已经没有这个文件", story);
        Assert.Empty(service.Errors);
    }

    [Fact]
    public async Task A_file_that_never_ends_is_given_up_after_five_tries_and_the_youth_and_the_handler_hear_of_it()
    {
        await using TestService service = await TestService.Start(new() { Settings = new() { ["Attachments:FetchSeconds"] = "1" } });
        Assert.Equal(200, await Say(service, "c1", "宿舍水管爆了三天没人修", _files.Hang("slow.jpg", new TaskCompletionSource().Task)));
        await Until(service, () => NoneAwaitedAMinuteLater(service), "it was not given up");
        Assert.Equal(5, _files.Asked.Count);
        Assert.Equal([AttachmentFailure.NoAnswer], await Failures(service, "c1"));
        Inquiry inquiry = await service.InquiryOf("c1");
        Assert.True(await service.See(db => db.Timeline.AnyAsync(t => t.InquiryId == inquiry.Id && t.Text == "青年发来的附件没有保存：试了几次都没有下载成功")));
        Assert.True(await service.See(db => db.Notices.AnyAsync(n => n.HandlerId == inquiry.HandlerId && n.Text.EndsWith("青年发来的附件没有保存"))));
        Assert.Contains(await service.Heard("c1", 2), t => t.Contains("试了几次都没有下载成功", StringComparison.Ordinal));
        Assert.Equal(0, await service.See(db => db.AttachmentParts.CountAsync()));
    }

    [Fact]
    public async Task A_restart_between_the_words_and_the_file_loses_neither()
    {
        TestService service = await TestService.Start();
        try
        {
            var held = new TaskCompletionSource();
            Assert.Equal(200, await Say(service, "c1", "", _files.Hang("photo.jpg", held.Task)));
            await Until(service, () => Task.FromResult(!_files.Asked.IsEmpty), "the file was not asked for");
            service = await service.Restart();
            held.SetResult();
            Attachment awaited = await service.See(db => db.Attachments.SingleAsync());
            Assert.Equal((AttachmentState.Pending, 1), (awaited.State, awaited.Attempts));
            Assert.Equal(InquiryStatus.AwaitingTriage, (await service.InquiryOf("c1")).Status);
            _files.Put("photo.jpg", Samples.Jpeg());
            service.Clock.Advance(TimeSpan.FromMinutes(3));
            await Until(service, async () => await Count(service, AttachmentState.Kept) == 1, "it was not taken up again");
            Assert.Single(await service.See(db => db.Messages.ToListAsync()));
            Assert.Equal(1, await service.See(db => db.AttachmentParts.CountAsync()));
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Our_token_goes_to_the_channels_own_service_only_and_no_link_leads_inside()
    {
        await using TokenIssuer issuer = await TokenIssuer.Start();
        ResolveName names = (host, _) => Task.FromResult(new[] { IPAddress.Parse(host == "inside.example.com" ? "10.0.0.7" : "127.0.0.1") });
        await using ChannelService service = await ChannelService.Start(new(issuer.Settings) { ["Channels:BotFramework:AllowedServiceUrls:1"] = _files.Url + "/listed" }, names: names);
        _files.Put("listed/a.png", Samples.Png);
        _files.Put("a.png", Samples.Png);
        int port = new Uri(_files.Url).Port;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Bot, "/api/messages"))
        {
            Content = JsonContent.Create(Activity("c1", issuer.Url + "/connector", "宿舍水管爆了三天没人修",
                $"{issuer.Url}/connector/v3/attachments/1/views/original", $"{_files.Url}/listed/a.png", $"{_files.Url}/a.png", $"http://inside.example.com:{port}/a.png", $"https://rebinding.example.com:{port}/a.png")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(service.Clock.GetUtcNow()));
        using HttpResponseMessage answer = await service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await service.Until(() => service.See(async db => await db.Attachments.CountAsync() == 5 && !await db.Attachments.AnyAsync(a => a.State == AttachmentState.Pending)), "not all were settled");
        Assert.Equal([null, null, AttachmentFailure.AddressRefused, AttachmentFailure.AddressRefused, AttachmentFailure.AddressRefused], await service.See(db => db.Attachments.OrderBy(a => a.Id).Select(a => a.Failure).ToListAsync()));
        Assert.Equal("Bearer own-1", Assert.Single(issuer.Fetched));
        Assert.Equal([("listed/a.png", (string?)null)], _files.Asked.Select(a => (a.Path, string.IsNullOrEmpty(a.Authorization) ? null : a.Authorization)));
        Assert.DoesNotContain("views/original", service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeChats_pictures_and_recordings_are_fetched_with_the_access_token_and_films_are_not()
    {
        await using WeChatPeer peer = await WeChatPeer.Start();
        await using ChannelService service = await ChannelService.Start(peer.Settings());
        peer.Media["photo-1"] = (Samples.Jpeg(300_000), "image/jpeg");
        peer.Media["voice-1"] = (Samples.Amr, "audio/amr");
        peer.Media["voice-2"] = (Samples.Amr, "audio/amr");
        int refusals = 0;
        // The first token has been replaced elsewhere: a new one is asked for once.
        peer.Answers = token => token == "access-1" && Interlocked.Increment(ref refusals) > 0 ? 40001 : 0;
        Assert.Contains("图片和录音要由人来看", WeChatPeer.Words((await Say("<MsgType>image</MsgType><PicUrl>http://10.0.0.1/x.jpg</PicUrl><MediaId>photo-1</MediaId>")).Body, "o1"), StringComparison.Ordinal);
        Inquiry inquiry = await service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal(InquiryStatus.AwaitingTriage, inquiry.Status);
        await Say("<MsgType>voice</MsgType><MediaId>voice-1</MediaId><Format>amr</Format>");
        await Say("<MsgType>voice</MsgType><MediaId>voice-2</MediaId><Format>amr</Format><Recognition><![CDATA[食堂饭卡充值不到账]]></Recognition>");
        await Say("<MsgType>image</MsgType><MediaId>expired</MediaId>");
        Assert.Contains("只收图片、录音和 PDF", WeChatPeer.Words((await Say("<MsgType>video</MsgType><MediaId>film</MediaId>")).Body, "o1"), StringComparison.Ordinal);
        await service.Until(() => service.See(async db => !await db.Attachments.AnyAsync(a => a.State == AttachmentState.Pending)), "not all were settled");
        Assert.Equal([("image/jpeg", null), ("audio/amr", null), ("audio/amr", null), ("", AttachmentFailure.Gone), ("", (AttachmentFailure?)AttachmentFailure.KindNotTaken)],
            (await service.See(db => db.Attachments.OrderBy(a => a.Id).ToListAsync())).Select(a => (a.MediaType, a.Failure)));
        Assert.True(await service.See(db => db.Messages.AnyAsync(m => m.Text == "食堂饭卡充值不到账" && db.Attachments.Any(a => a.MessageId == m.Id))));
        Assert.True(refusals is >= 1 and <= 5, $"refused {refusals} times");
        Assert.DoesNotContain("access-2", service.Log.All, StringComparison.Ordinal);

        Task<(int Status, string Body)> Say(string rest) => WeChatPeer.Post(service, WeChatPeer.Message("o1", $"{rest}<MsgId>{peer.Next()}</MsgId>"));
    }

    private static object Activity(string conversation, string serviceUrl, string text, params string[] links) => new
    {
        type = "message", id = Guid.NewGuid().ToString("N"), channelId = "emulator", serviceUrl, text, conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
        attachments = links.Select(l => new { contentType = "image/png", contentUrl = l, name = "照片.png" }).ToArray(),
    };

    private static async Task<int> Say(TestService service, string conversation, string text, params string[] links)
    {
        using HttpResponseMessage answer = await service.Http.PostAsJsonAsync(new Uri(service.Bot, "/api/messages"), Activity(conversation, service.Connector.Url, text, links));
        return (int)answer.StatusCode;
    }

    private static Task<int> Count(TestService service, AttachmentState state) => service.See(db => db.Attachments.CountAsync(a => a.State == state));

    // A try ends in its own time, and only then the pause begins: the clock is moved on at each look.
    private static async Task<bool> NoneAwaitedAMinuteLater(TestService service)
    {
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        return await Count(service, AttachmentState.Pending) == 0;
    }

    private static async Task<List<AttachmentFailure>> Failures(TestService service, string conversation) => (await service.See(db => db.Attachments
        .Where(a => a.Failure != null && db.Conversations.Any(c => c.Id == a.ConversationId && c.ChannelConversationId == conversation)).OrderBy(a => a.Id).Select(a => a.Failure).ToListAsync())).ConvertAll(f => f!.Value);

    private static async Task Until(TestService service, Func<Task<bool>> so, string what)
    {
        try
        {
            await Eventually.Until(so);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what}: {string.Join(", ", (await service.See(db => db.Attachments.OrderBy(a => a.Id).ToListAsync())).Select(a => $"{a.Id} {a.State} {a.Failure} {a.Attempts}"))} {string.Join("\n", service.Errors.Take(3))}");
        }
    }
}
