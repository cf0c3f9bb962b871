using Microsoft.Net.Http.Headers;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels;

/// <summary>A kept file as an answer to somebody who may have it.</summary>
public static class FileAnswer
{
    public static IResult Of(HttpContext http, Attachment file, AttachmentBytes bytes)
    {
        IHeaderDictionary headers = http.Response.Headers;
        // What a stranger sent runs nothing here, whatever a browser takes it for.
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, max-age=3600";
        var disposition = new ContentDispositionHeaderValue(MediaTypes.IsShown(file.MediaType) ? "inline" : "attachment");
        disposition.SetHttpFileName(FileNames.ForSaving(file.Name, file.MediaType));
        headers.ContentDisposition = disposition.ToString();
        return Results.Stream(bytes.Open(file), file.MediaType, enableRangeProcessing: true);
    }
}
