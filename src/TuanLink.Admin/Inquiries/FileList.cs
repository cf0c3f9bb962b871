using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Admin.Inquiries;

/// <summary>The files of a message, as the item page and the triage desk show them.</summary>
public sealed record FileList(string Reference, IReadOnlyList<Attachment> Files)
{
    /// <summary>How the files that handlers sent fared on their way, by the file's id.</summary>
    public IReadOnlyDictionary<long, OutboxMessage> Owed { get; init; } = new Dictionary<long, OutboxMessage>();

    /// <summary>The files of an inquiry by the message they came with.</summary>
    public static async Task<ILookup<long, Attachment>> Of(RoutingDb db, IReadOnlyCollection<long> inquiries, CancellationToken cancel) =>
        (await db.Attachments.Where(a => db.Messages.Any(m => m.Id == a.MessageId && m.InquiryId != null && inquiries.Contains(m.InquiryId.Value)))
            .OrderBy(a => a.Id).ToListAsync(cancel)).ToLookup(a => a.MessageId);

    public string AddressOf(Attachment file) => string.Create(CultureInfo.InvariantCulture, $"/inquiries/{Reference}/attachments/{file.Id}");

    /// <summary>"312 KB", "4.1 MB".</summary>
    public static string Size(Attachment file) => file.Size < 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, file.Size / 1024)} KB") : string.Create(CultureInfo.InvariantCulture, $"{file.Size / 1024d / 1024d:0.0} MB");
}
