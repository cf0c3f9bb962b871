using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    private readonly byte[] _key = keys.Get("files");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/files/{key}", (HttpContext http, string key, string? t, FileLinks links, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes) => links.Serve(http, key, t, databases, bytes));

    /// <summary>How long an address opens, in hours.</summary>
    public int Hours => options.Value.LinkHours;

    /// <summary>The address of a kept file for the youth of a conversation, from now on; none where no public address is configured.</summary>
    public string? To(Attachment file, Conversation to)
    {
        if (service.Value.PublicAddress.Length == 0 || file.Key is not { } key)
            return null;
        long until = time.GetUtcNow().AddHours(Hours).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{service.Value.PublicAddress.TrimEnd('/')}/files/{key}?t={until}.{Signature(to.Id, key, until)}");
    }

    private async Task<IResult> Serve(HttpContext http, string key, string? t, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes)
    {
        Attachment? file = null;
        if (key.Length == 32)
            await using (RoutingDb db = await databases.CreateDbContextAsync(http.RequestAborted))
                file = await db.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Key == key && a.State == AttachmentState.Kept
                    && db.Messages.Any(m => m.Id == a.MessageId && m.Author != Author.Youth), http.RequestAborted);
        // Whoever may not see it is not told whether it is there.
        return file is not null && IsSigned(file.ConversationId, key, t) ? FileAnswer.Of(http, file, bytes)
            : DirectLineChannel.Error(404, "NotFound", "没有这个文件，或链接已经过期。");
    }

    private bool IsSigned(long conversation, string key, string? signature)
    {
        string[] parts = (signature ?? "").Split('.');
        return parts.Length == 2 && parts[1].Length < 100 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long until)
            && until > time.GetUtcNow().ToUnixTimeSeconds()
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(conversation, key, until)), Encoding.UTF8.GetBytes(parts[1]));
    }

    private string Signature(long conversation, string key, long until) => Base64Url.EncodeToString(HMACSHA256.HashData(_key,
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"file\n{conversation}\n{key}\n{until}"))));
}
