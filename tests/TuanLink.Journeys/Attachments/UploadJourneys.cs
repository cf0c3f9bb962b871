using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Attachments;

/// <summary>Files sent from the chat page, over real HTTP (PROTOCOLS.md §3).</summary>
public sealed class UploadJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    private DirectLineYouth _youth = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start();
        _youth = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Words_and_files_are_one_message_and_come_back_in_the_echo_under_addresses_that_open()
    {
        byte[] photo = Samples.Jpeg(700_000);
        using HttpResponseMessage answer = await _youth.Upload("厂里三个月没发工资了，这是工资条", "k1", new FormFile("工资条 (1).jpg", photo, "image/jpeg"), new FormFile("合同.pdf", Samples.Pdf, "application/pdf"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        List<JsonElement> news = await _youth.News();
        JsonElement echo = news[0];
        Assert.Equal(((await DirectLineYouth.Json(answer)).GetProperty("id").GetString(), "k1", "厂里三个月没发工资了，这是工资条"),
            (echo.GetProperty("id").GetString(), echo.GetProperty("channelData").GetProperty("clientActivityID").GetString(), echo.GetProperty("text").GetString()));
        JsonElement[] shown = [.. echo.GetProperty("attachments").EnumerateArray()];
        Assert.Equal([("image/jpeg", "工资条 (1).jpg"), ("application/pdf", "合同.pdf")], shown.Select(a => (a.GetProperty("contentType").GetString()!, a.GetProperty("name").GetString()!)));
        Assert.Contains("QS-", news[1].GetProperty("text").GetString(), StringComparison.Ordinal);

        using HttpResponseMessage image = await _service.Http.GetAsync(new Uri(shown[0].GetProperty("contentUrl").GetString()!));
        Assert.Equal(photo, await image.Content.ReadAsByteArrayAsync());
        Assert.Equal(("image/jpeg", "nosniff", "inline"), (image.Content.Headers.ContentType!.MediaType, image.Headers.GetValues("X-Content-Type-Options").Single(), image.Content.Headers.ContentDisposition!.DispositionType));
        using HttpResponseMessage pdf = await _service.Http.GetAsync(new Uri(shown[1].GetProperty("contentUrl").GetString()!));
        Assert.Equal(("attachment", "合同.pdf"), (pdf.Content.Headers.ContentDisposition!.DispositionType, pdf.Content.Headers.ContentDisposition.FileNameStar));

        // Not heard and said again: one message, one file each, no bytes that belong to nobody.
        using HttpResponseMessage again = await _youth.Upload("厂里三个月没发工资了，这是工资条", "k1", new FormFile("工资条 (1).jpg", photo, "image/jpeg"), new FormFile("合同.pdf", Samples.Pdf));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Empty(await _youth.News());
        Assert.Equal((1, 2, 2), await _service.See(async db => (await db.Messages.CountAsync(), await db.Attachments.CountAsync(), await db.AttachmentParts.Select(p => p.Key).Distinct().CountAsync())));
        Assert.Equal(Topic.Rights, (await _service.See(db => db.Inquiries.SingleAsync())).Topic);
    }

    [Fact]
    public async Task A_file_that_fails_costs_nothing_but_itself()
    {
        using HttpResponseMessage answer = await _youth.Upload("宿舍水管爆了三天没人修", "k1", new FormFile("漏水.jpg", Samples.Jpeg()), new FormFile("假照片.jpg", Samples.Html, "image/jpeg"),
            new FormFile("录像.png", [.. Samples.Png, .. new byte[SentFile.Largest]], "image/png"), new FormFile("空.pdf", []), new FormFile("录音.wav", Samples.Wav), new FormFile("第六.png", Samples.Png));
        JsonElement said = await DirectLineYouth.Json(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([("假照片.jpg", "KindNotTaken"), ("录像.png", "TooLarge"), ("空.pdf", "Empty"), ("第六.png", "TooMany")],
            said.GetProperty("failed").EnumerateArray().Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("code").GetString()!)));
        List<JsonElement> news = await _youth.News();
        Assert.Equal(["漏水.jpg", "录音.wav"], news[0].GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
        Assert.Contains(news, n => n.GetProperty("text").GetString()!.Contains("文件超过 10 MB", StringComparison.Ordinal));
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        string told = await _service.See(db => db.Timeline.Where(t => t.InquiryId == inquiry.Id && t.Text.Contains("4 个没有保存")).Select(t => t.Text).SingleAsync());
        Assert.DoesNotContain("假照片", told, StringComparison.Ordinal);
        Assert.Equal((2, 4), await _service.See(async db => (await db.Attachments.CountAsync(a => a.State == AttachmentState.Kept), await db.Attachments.CountAsync(a => a.State == AttachmentState.Failed))));
        // Of what was not kept not a byte is there.
        Assert.Equal(2, await _service.See(db => db.AttachmentParts.Select(p => p.Key).Distinct().CountAsync()));
        Assert.Empty(_service.Errors);
    }

    [Fact]
    public async Task Danger_beside_a_bad_file_or_a_body_without_end_is_heard()
    {
        using HttpResponseMessage answer = await _youth.Upload("我不想活了", "k1", new FormFile("遗书.html", Samples.Html));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Risk.Crisis, (await _service.See(db => db.Inquiries.SingleAsync())).Risk);

        DirectLineYouth other = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        byte[] whole = await DirectLineYouth.Form("我今晚就从楼上跳下去", "k2", new FormFile("a.jpg", Samples.Jpeg(50_000))).ReadAsByteArrayAsync();
        using HttpResponseMessage cut = await other.Upload(DirectLineYouth.Raw(whole[..20_000], "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"));
        Assert.Equal((HttpStatusCode.OK, "CutOff"), (cut.StatusCode, (await DirectLineYouth.Json(cut)).GetProperty("failed")[0].GetProperty("code").GetString()));
        Assert.Equal(2, await _service.See(db => db.Inquiries.CountAsync(i => i.Risk == Risk.Crisis)));
    }

    [Fact]
    public async Task A_picture_without_words_waits_at_the_triage_desk_and_another_joins_it()
    {
        // As a client does that sends no activity at all.
        using HttpResponseMessage answer = await _youth.Upload(null, null, new FormFile("截图.png", Samples.Png));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.AwaitingTriage, Topic.Other, "（没有文字，只有附件）"), (inquiry.Status, inquiry.Topic, inquiry.Headline));
        List<JsonElement> news = await _youth.News();
        Assert.Contains(inquiry.Reference, news[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("图片和录音要由人来看", news[1].GetProperty("text").GetString(), StringComparison.Ordinal);

        using HttpResponseMessage second = await _youth.Upload("", "k2", new FormFile("录音.wav", Samples.Wav));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Contains($"附件已经放进 {inquiry.Reference}", (await _youth.News())[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 2), await _service.See(async db => (await db.Inquiries.CountAsync(), await db.Messages.CountAsync(m => m.InquiryId == inquiry.Id))));

        using AdminPages desk = await _service.SignIn(inquiry.HandlerId);
        Shown triage = await desk.Get("/triage");
        Assert.Contains($"<img src=\"/inquiries/{inquiry.Reference}/attachments/", triage.Html, StringComparison.Ordinal);
        Assert.Contains("（没有文字，只有附件）", triage.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_small_talk_would_hide_a_person_looks_at()
    {
        using HttpResponseMessage answer = await _youth.Upload("你好", "k1", new FormFile("截图.png", Samples.Png));
        Assert.Equal(InquiryStatus.AwaitingTriage, (await _service.See(db => db.Inquiries.SingleAsync())).Status);
        using HttpResponseMessage more = await _youth.Upload("进度", "k2", new FormFile("截图.png", Samples.Png));
        Assert.Equal(2, await _service.See(db => db.Messages.CountAsync(m => m.InquiryId != null)));
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_with_a_sentence_and_leaves_nothing()
    {
        DirectLineYouth other = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        const string type = "multipart/form-data; boundary=edge";
        byte[] activity(string json) => Encoding.UTF8.GetBytes($"--edge\r\nContent-Disposition: form-data; name=\"activity\"\r\nContent-Type: application/vnd.microsoft.activity\r\n\r\n{json}\r\n--edge--\r\n");
        ByteArrayContent photo() => DirectLineYouth.Form(null, null, new FormFile("a.png", Samples.Png));
        (string What, HttpContent Form, string? Token, string Query, int Status)[] cases =
        [
            ("wrong magic", DirectLineYouth.Form(null, null, new FormFile("a.jpg", Samples.Html, "image/jpeg")), null, "", 415), ("drawing with scripts", DirectLineYouth.Form("", "k", new FormFile("a.svg", Samples.Svg, "image/svg+xml")), null, "", 415),
            ("too large", DirectLineYouth.Form(null, null, new FormFile("a.png", [.. Samples.Png, .. new byte[SentFile.Largest]])), null, "", 413), ("empty file", DirectLineYouth.Form(null, null, new FormFile("a.png", [])), null, "", 400),
            ("nothing at all", DirectLineYouth.Form(null, null), null, "", 400), ("no words, no file", DirectLineYouth.Form("  ", "k"), null, "", 400), ("no multipart", DirectLineYouth.Raw(Samples.Png, "image/png"), null, "", 415),
            ("no boundary", DirectLineYouth.Raw(Samples.Png, "multipart/form-data"), null, "", 415), ("long boundary", DirectLineYouth.Raw(Samples.Png, "multipart/form-data; boundary=" + new string('x', 300)), null, "", 415),
            ("no edge in it", DirectLineYouth.Raw(Samples.Png, type), null, "", 400), ("empty body", DirectLineYouth.Raw([], type), null, "", 400), ("JSON", DirectLineYouth.Raw("{}"u8.ToArray(), "application/json"), null, "", 415),
            ("broken JSON", DirectLineYouth.Raw(activity("{"), type), null, "", 400), ("no object", DirectLineYouth.Raw(activity("[]"), type), null, "", 400), ("no type", DirectLineYouth.Raw(activity("{}"), type), null, "", 400),
            ("an event", DirectLineYouth.Raw(activity("{\"type\":\"event\"}"), type), null, "", 400), ("half a character", DirectLineYouth.Raw(activity("{\"type\":\"message\",\"text\":\"\\ud800\"}"), type), null, "", 400),
            ("huge activity", DirectLineYouth.Raw(activity("{\"type\":\"message\",\"text\":\"" + new string('x', 70_000) + "\"}"), type), null, "", 413),
            ("activity behind", DirectLineYouth.Raw([.. Encoding.UTF8.GetBytes("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"), .. Samples.Png, .. "\r\n"u8, .. activity("{\"type\":\"message\",\"text\":\"x\"}")], type), null, "", 400),
            ("many headers", DirectLineYouth.Raw(Encoding.UTF8.GetBytes("--edge\r\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"X{i}: y\r\n")) + "\r\nx\r\n--edge--\r\n"), type), null, "", 400),
            ("foreign token", photo(), other.Token, "", 403), ("no token", photo(), "x", "", 401),
        ];
        foreach (var (what, form, token, query, status) in cases)
        {
            using HttpResponseMessage answer = await _youth.Upload(form, token, query);
            Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            JsonElement error = (await DirectLineYouth.Json(answer)).GetProperty("error");
            Assert.True(error.GetProperty("code").GetString()!.Length > 0 && error.GetProperty("message").GetString()!.Length > 0, what);
        }
        Assert.Equal((0, 0, 0), await _service.See(async db => (await db.Messages.CountAsync(), await db.Attachments.CountAsync(), await db.AttachmentParts.CountAsync())));
        Assert.Empty(_service.Errors);

        // What is named beside the token is the token's own, where somebody was told it.
        using HttpResponseMessage made = await _service.Http.PostAsync(new Uri(_service.Bot, "/v3/directline/tokens/generate"), DirectLineYouth.Raw("{\"user\":{\"id\":\"dl_0123456789abcdef\"}}"u8.ToArray(), "application/json"));
        JsonElement named = await DirectLineYouth.Json(made);
        string token1 = named.GetProperty("token").GetString()!, conversation = named.GetProperty("conversationId").GetString()!;
        using HttpResponseMessage stranger = await _youth.Upload(photo(), token1, "?userId=somebody", conversation);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        using HttpResponseMessage self = await _youth.Upload(photo(), token1, "?userId=dl_0123456789abcdef", conversation);
        Assert.Equal(HttpStatusCode.OK, self.StatusCode);
    }

    [Fact]
    public async Task Other_clients_ways_of_writing_names_are_read()
    {
        // .NET and Python name the file in filename*; old ones send no activity and quote what they like.
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.Png), "file", "奖状 扫描.png" } };
        using HttpResponseMessage answer = await _youth.Upload(form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        byte[] raw = [.. Encoding.UTF8.GetBytes("preamble\r\n--edge\r\ncontent-disposition: form-data; name=file; filename=\"..\\..\\%22我%22.png\"\r\n\r\n"), .. Samples.Png, .. "\r\n--edge--\r\nepilogue"u8];
        using HttpResponseMessage second = await _youth.Upload(DirectLineYouth.Raw(raw, "multipart/form-data; boundary=\"edge\""));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(["奖状 扫描.png", "我.png"], await _service.See(db => db.Attachments.OrderBy(a => a.Id).Select(a => a.Name).ToListAsync()));
    }

    [Fact]
    public async Task An_address_opens_for_its_own_conversation_only_and_not_for_ever_and_the_transcript_gives_a_new_one()
    {
        await _youth.Upload("这是我的病历", "k1", new FormFile("病历.png", Samples.Png), new FormFile("录音.wav", Samples.Wav));
        JsonElement[] shown = [.. (await _youth.News())[0].GetProperty("attachments").EnumerateArray()];
        string address = shown[0].GetProperty("contentUrl").GetString()!, bare = address.Split('?')[0];
        Assert.StartsWith(_service.Bot.ToString(), address, StringComparison.Ordinal);
        DirectLineYouth other = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        string key = bare.Split('/')[^1];
        // Who writes another's key into words gets a signature for it, of their own conversation.
        await other.Say($"tuanlink-sign-{key}");
        string forged = (await other.News())[0].GetProperty("text").GetString()!;
        Assert.DoesNotContain("tuanlink-sign", forged, StringComparison.Ordinal);
        foreach (var (what, path, token, status) in new[]
        {
            ("signed", address, "", 200), ("its token", bare, _youth.Token, 200), ("nothing", bare, "", 404), ("another's token", bare, other.Token, 404), ("signed by another's words", $"{bare}?t={forged}", "", 404),
            ("changed", address[..^2] + "AA", "", 404), ("another file's", shown[1].GetProperty("contentUrl").GetString()!.Split('?')[0] + "?" + address.Split('?')[1], "", 404), ("unknown", bare[..^4] + "0000", _youth.Token, 404), ("odd", bare + "?t=..", "", 404),
        })
        {
            using HttpResponseMessage answer = await _youth.Call(HttpMethod.Get, path, null, token);
            Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode}");
        }
        // A player asks for pieces.
        using var ask = new HttpRequestMessage(HttpMethod.Get, shown[1].GetProperty("contentUrl").GetString());
        ask.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(44, 143);
        using HttpResponseMessage piece = await _service.Http.SendAsync(ask);
        Assert.Equal((HttpStatusCode.PartialContent, 100L, "audio/wav"), (piece.StatusCode, piece.Content.Headers.ContentLength, piece.Content.Headers.ContentType!.MediaType));

        _service.Clock.Advance(TimeSpan.FromHours(2.1));
        using HttpResponseMessage late = await _service.Http.GetAsync(new Uri(address));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        using HttpResponseMessage woken = await _youth.Call(HttpMethod.Get, $"/v3/directline/conversations/{_youth.Conversation}", null);
        string fresh = (await DirectLineYouth.Json(woken)).GetProperty("token").GetString()!;
        using HttpResponseMessage again = await _youth.Call(HttpMethod.Get, $"/v3/directline/conversations/{_youth.Conversation}/activities?watermark=", null, fresh);
        string renewed = (await DirectLineYouth.Json(again)).GetProperty("activities").EnumerateArray().Single(a => a.TryGetProperty("attachments", out _)).GetProperty("attachments")[0].GetProperty("contentUrl").GetString()!;
        using HttpResponseMessage open = await _service.Http.GetAsync(new Uri(renewed));
        Assert.Equal(Samples.Png, await open.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Files_carried_in_an_activity_are_kept_and_links_of_a_stranger_are_not_followed()
    {
        using HttpResponseMessage answer = await _youth.Call(HttpMethod.Post, $"/v3/directline/conversations/{_youth.Conversation}/activities", System.Net.Http.Json.JsonContent.Create(new
        {
            type = "message", text = "宿舍水管爆了三天没人修",
            attachments = new object[] { new { contentType = "image/png", contentUrl = "data:image/png;base64," + Convert.ToBase64String(Samples.Png), name = "水管.png" }, new { contentType = "image/png", contentUrl = "http://127.0.0.1:9/x.png" }, new { contentType = "application/vnd.microsoft.card.adaptive", content = new { } } },
        }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([(AttachmentState.Kept, "水管.png", null), (AttachmentState.Failed, "附件", (AttachmentFailure?)AttachmentFailure.AddressRefused)],
            (await _service.See(db => db.Attachments.OrderBy(a => a.Id).ToListAsync())).Select(a => (a.State, a.Name, a.Failure)));
        Assert.Equal("水管.png", (await _youth.News())[0].GetProperty("attachments")[0].GetProperty("name").GetString());
    }
}
