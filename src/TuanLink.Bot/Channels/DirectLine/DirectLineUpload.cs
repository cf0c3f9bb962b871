using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>
/// POST …/upload (PROTOCOLS.md §3): a multipart body whose first part may be the activity, then files. A file that is too large, of no kind
/// we take, or cut off costs nothing but itself: what else came is taken, and the answer, the conversation and the timeline say what failed.
/// Only if nothing is left to take is the request refused.
/// </summary>
public sealed class DirectLineUpload(DirectLineTokens tokens, Turns turns, CalmRefusal limits, AttachmentBytes bytes, AttachedFiles attached, DirectLineStreams streams, ILogger<DirectLineUpload> log)
{
    /// <summary>The most of a body that is read: five whole files and what stands around them.</summary>
    public const long LargestBody = (long)SentFile.Most * SentFile.Largest + 1024 * 1024;

    private const int MostParts = 20;
    private const int LongestBoundary = 200;
    private const string ActivityType = "application/vnd.microsoft.activity";

    public async Task<IResult> Take(HttpContext http, string id, string? userId)
    {
        if (DirectLineChannel.Admit(http, id, tokens) is { } refused)
            return refused;
        DirectLineTicket ticket = tokens.Read(http.Request.Headers.Authorization, out _)!;
        if (!DirectLineChannel.IsOwn(userId, ticket))
            return DirectLineChannel.NotYou();
        if (BoundaryIn(http.Request.ContentType) is not { } boundary)
            return DirectLineChannel.Error(415, "BadArgument", "上传文件请用 multipart/form-data。");
        // Counted here, so that words before a file that is too large are still read.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var parts = new MultipartReader(boundary, new CappedStream(http.Request.Body, LargestBody)) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
        try
        {
            MultipartSection? part = await parts.ReadNextSectionAsync(http.RequestAborted);
            DirectLineChannel.Said? said = null;
            if (part is not null && IsActivity(part))
            {
                using JsonDocument json = await ReadActivity(part, http.RequestAborted);
                (said, refused) = DirectLineChannel.ReadActivity(json.RootElement, ticket);
                if (said is null)
                    return refused!;
                if (said.Type != "message")
                    return DirectLineChannel.Error(400, "BadArgument", "随文件上传的 activity 必须是 message。");
                part = await NextOrNone(parts, http.RequestAborted);
            }
            var words = new IncomingWords(DirectLineChannel.Id, id, said?.Id ?? DirectLineChannel.NewActivityId(), ticket.UserId, "tuanlink", "", said?.Text ?? "", ShowsCards: ticket.ShowsCards);
            if (await limits.Answered(http, words, isServer: false))
            {
                streams.Wake(id);
                return Results.Empty;
            }
            return await Take(http, words with { Files = await Files(parts, part, await bytes.HasRoom(DirectLineChannel.Id, id, http.RequestAborted), http.RequestAborted) }, said?.ChannelData);
        }
        catch (Exception e) when (e is BodyTooLarge)
        {
            return DirectLineChannel.Error(413, "MessageSizeTooBig", "内容太大了，没有收下。");
        }
        catch (Exception e) when (e is JsonException or WrongJson)
        {
            return DirectLineChannel.Error(400, "BadArgument", e is WrongJson ? e.Message : "activity 不是有效的 JSON。");
        }
        catch (Exception e) when (IsBroken(e))
        {
            return DirectLineChannel.Error(400, "BadArgument", "上传的内容不完整或格式不对，请重新上传。");
        }
        catch (NobodyToAnswer nobody)
        {
            http.Response.Headers.RetryAfter = "60";
            return DirectLineChannel.Error(503, "ServiceUnavailable", nobody.Message);
        }
    }

    private async Task<IResult> Take(HttpContext http, IncomingWords words, string? channelData)
    {
        if (words.Text.Length == 0 && words.Files.All(f => f.Kept is null))
            return NothingToTake(words.Files);
        var echo = new DirectLineEcho(words.ActivityId!, words.Text, words.UserId, channelData, words.Files, DirectLineChannel.Here(http));
        // Whoever hung up meanwhile still said it.
        await attached.TakeWith(words.Files, turns.Take(words, DirectLineChannel.Show(echo), CancellationToken.None));
        streams.Wake(words.ConversationId);
        var failed = words.Files.Where(f => f.Failure is not null).Select(f => new { name = FileNames.Clean(f.Name), code = f.Failure.ToString(), message = FailureNames.Of(f.Failure!.Value) }).ToList();
        return failed.Count == 0 ? Results.Json(new { id = words.ActivityId }) : Results.Json(new { id = words.ActivityId, failed });
    }

    private static IResult NothingToTake(IReadOnlyList<SentFile> files) => files.Count == 0
        ? DirectLineChannel.Error(400, "BadArgument", "没有收到文件，也没有文字。")
        : files[0].Failure!.Value switch
        {
            AttachmentFailure.TooLarge => DirectLineChannel.Error(413, "MessageSizeTooBig", $"{FailureNames.Of(AttachmentFailure.TooLarge)}，没有收下。"),
            AttachmentFailure.KindNotTaken => DirectLineChannel.Error(415, "UnsupportedMediaType", $"{FailureNames.Of(AttachmentFailure.KindNotTaken)}。"),
            AttachmentFailure.TooOften => DirectLineChannel.Error(429, "TooManyRequests", $"{FailureNames.Of(AttachmentFailure.TooOften)}，请明天再发，或用文字说。"),
            AttachmentFailure.NotStored => DirectLineChannel.Error(503, "ServiceUnavailable", "文件暂时存不下来，请过一会儿再发。"),
            AttachmentFailure failure => DirectLineChannel.Error(400, "BadArgument", $"{FailureNames.Of(failure)}，没有收下。"),
        };

    private async Task<List<SentFile>> Files(MultipartReader parts, MultipartSection? part, bool hasRoom, CancellationToken cancel)
    {
        var files = new List<SentFile>();
        for (int seen = 1; part is not null && seen <= MostParts; seen++)
        {
            if (IsActivity(part))
            {
                await attached.Forget(files);
                throw new WrongJson("activity 只能有一个，并且放在最前面。");
            }
            if (NameOf(part) is { } name)
            {
                AttachmentFailure? beyond = files.Count >= SentFile.Most ? AttachmentFailure.TooMany : hasRoom ? null : AttachmentFailure.TooOften;
                files.Add(beyond is null ? await Keep(part, name, cancel) : new(name, AttachmentOrigin.Upload, Failure: beyond));
                // Behind a place where it broke nothing more can be read.
                if (files[^1].Failure == AttachmentFailure.CutOff)
                    break;
            }
            part = await NextOrNone(parts, cancel);
        }
        return files;
    }

    private async Task<SentFile> Keep(MultipartSection part, string name, CancellationToken cancel)
    {
        try
        {
            var (kept, failure) = await bytes.Keep(part.Body, cancel);
            return new(name, AttachmentOrigin.Upload, Kept: kept, Failure: failure);
        }
        catch (Exception e) when (IsBroken(e))
        {
            return new(name, AttachmentOrigin.Upload, Failure: AttachmentFailure.CutOff);
        }
        catch (Exception e)
        {
            log.LogError(e, "An uploaded file could not be stored; its message is taken without it.");
            return new(name, AttachmentOrigin.Upload, Failure: AttachmentFailure.NotStored);
        }
    }

    // What was read so far stands, also if the rest is broken or too much.
    private static async Task<MultipartSection?> NextOrNone(MultipartReader parts, CancellationToken cancel)
    {
        try
        {
            return await parts.ReadNextSectionAsync(cancel);
        }
        catch (Exception e) when (IsBroken(e))
        {
            return null;
        }
    }

    private static async Task<JsonDocument> ReadActivity(MultipartSection part, CancellationToken cancel)
    {
        byte[] body = new byte[DirectLineChannel.LargestBody + 1];
        int read = await part.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancel);
        return read == body.Length ? throw new BodyTooLarge() : JsonBody.Parse(body.AsMemory(0, read));
    }

    private static bool IsBroken(Exception e) => e is IOException or InvalidDataException or OperationCanceledException or BodyTooLarge;

    private static bool IsActivity(MultipartSection part) =>
        MediaTypeHeaderValue.TryParse(part.ContentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals(ActivityType, StringComparison.OrdinalIgnoreCase)
        || ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out ContentDispositionHeaderValue? said) && HeaderUtilities.RemoveQuotes(said.Name) == "activity";

    /// <returns>None if the part is no file.</returns>
    private static string? NameOf(MultipartSection part)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out ContentDispositionHeaderValue? said))
            return null;
        if (said.FileNameStar is { Length: > 0 } encoded)
            return encoded.Value;
        // Browsers write these three so, and nothing else (HTML, multipart/form-data encoding).
        if (said.FileName is { Length: > 0 } name)
            return HeaderUtilities.RemoveQuotes(name).Value!.Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "", StringComparison.Ordinal).Replace("%0A", "", StringComparison.Ordinal);
        return HeaderUtilities.RemoveQuotes(said.Name) == "file" ? "" : null;
    }

    private static string? BoundaryIn(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= LongestBoundary } boundary ? boundary.Value : null;
}
