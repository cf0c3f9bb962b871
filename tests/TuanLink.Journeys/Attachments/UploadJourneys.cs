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
}
