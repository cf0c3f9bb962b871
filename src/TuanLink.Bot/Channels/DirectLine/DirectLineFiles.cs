using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>
/// Hands a youth their own files again, and those of their handlers. An &lt;img&gt; can send no token, so the address carries a signature over file, conversation and
/// time; the transcript holds the address without it, and whoever reads the transcript gets it signed anew.
/// </summary>
public sealed partial class DirectLineFiles(SecretKeys keys, TimeProvider time)
{
    /// <summary>How long a signed address lets in: as long as a page may stay open before it reads its transcript again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(2);

    private const string Anywhere = "tuanlink-here:";

    private readonly ExpiringSignature _signature = new(keys.Get("directline"), "attachment", time);

    /// <summary>The address of a file as the transcript keeps it.</summary>
    public static string Unsigned(string key) => $"/v3/directline/attachments/{key}?t=tuanlink-sign-{key}";

    /// <summary>The address of a handler's file as the transcript keeps it: it was sent by no request that could tell where we are.</summary>
    public static string UnsignedAnywhere(string key) => Anywhere + Unsigned(key);

    /// <summary>Puts scheme and host into the addresses that were kept without.</summary>
    public static string From(string json, string here) => json.Replace($"\"{Anywhere}/v3/directline/attachments/", $"\"{JsonEncodedText.Encode(here)}/v3/directline/attachments/", StringComparison.Ordinal);

    /// <summary>Signs the addresses in an activity of a conversation's transcript. Another conversation's key, written into words, gets a signature that opens nothing.</summary>
    public string Sign(string conversation, string json)
    {
        if (!json.Contains("tuanlink-sign-", StringComparison.Ordinal))
            return json;
        return ToSign().Replace(json, m => _signature.Of(conversation, m.Groups[1].Value, Life));
    }

    public async Task<IResult> Serve(HttpContext http, string key, string? t, DirectLineTokens tokens, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes)
    {
        Attachment? file;
        string? conversation;
        await using (RoutingDb db = await databases.CreateDbContextAsync(http.RequestAborted))
        {
            file = await db.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Key == key && a.State == AttachmentState.Kept, http.RequestAborted);
            conversation = file is null ? null : await db.Conversations.Where(c => c.Id == file.ConversationId && c.Channel == DirectLineChannel.Id)
                .Select(c => c.ChannelConversationId).FirstOrDefaultAsync(http.RequestAborted);
        }
        bool admitted = conversation is not null && (_signature.Opens(conversation, key, t) || tokens.Read(http.Request.Headers.Authorization, out bool expired) is { } ticket && !expired && ticket.ConversationId == conversation);
        // Whoever may not see it is not told whether it is there.
        if (file is null || !admitted)
            return DirectLineChannel.Error(404, "NotFound", "没有这个文件，或链接已经过期。");
        return FileAnswer.Of(http, file, bytes);
    }

    [GeneratedRegex("tuanlink-sign-([0-9a-f]{32})")]
    private static partial Regex ToSign();
}
