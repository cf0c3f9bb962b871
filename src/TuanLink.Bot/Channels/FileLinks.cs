using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Channels.Fetching;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels;

/// <summary>
/// The addresses under which another's client (Teams, WeChat) fetches a handler's file: the public address, and a signature over file,
/// conversation and time that opens for a while. A youth's own files never get one.
/// </summary>
public sealed class FileLinks(IOptions<ServiceOptions> service, IOptions<FetchOptions> options, SecretKeys keys, TimeProvider time)
{
    private readonly ExpiringSignature _signature = new(keys.Get("files"), "file", time);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/files/{key}", (HttpContext http, string key, string? t, FileLinks links, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes) => links.Serve(http, key, t, databases, bytes));

    /// <summary>How long an address opens, in hours.</summary>
    public int Hours => options.Value.LinkHours;

    /// <summary>The address of a kept file for the youth of a conversation, from now on; none where no public address is configured.</summary>
    public string? To(Attachment file, Conversation to)
    {
        if (service.Value.PublicAddress.Length == 0 || file.Key is not { } key)
            return null;
        return $"{service.Value.PublicAddress.TrimEnd('/')}/files/{key}?t={_signature.Of(NameOf(to.Id), key, TimeSpan.FromHours(Hours))}";
    }

    private async Task<IResult> Serve(HttpContext http, string key, string? t, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes)
    {
        Attachment? file = null;
        if (key.Length == 32)
            await using (RoutingDb db = await databases.CreateDbContextAsync(http.RequestAborted))
                file = await db.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Key == key && a.State == AttachmentState.Kept
                    && db.Messages.Any(m => m.Id == a.MessageId && m.Author != Author.Youth), http.RequestAborted);
        // Whoever may not see it is not told whether it is there.
        return file is not null && _signature.Opens(NameOf(file.ConversationId), key, t) ? FileAnswer.Of(http, file, bytes)
            : DirectLineChannel.Error(404, "NotFound", "没有这个文件，或链接已经过期。");
    }

    private static string NameOf(long conversation) => conversation.ToString(CultureInfo.InvariantCulture);
}
