using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Attachments;

/// <summary>
/// The bytes of attachments: in the database on both engines, in parts of 256 KiB, each a transaction of its own. There, every node of a
/// shared PostgreSQL reaches them, an erasure takes them in the transaction that takes the words (SQLite overwrites what it deletes), and
/// one backup holds all. In parts, since SQLite has one writer: measured on two cores, 10 MB take {MEASURED} and a turn beside them waits for one part
/// at most. What is stored before its message is (or never gets one) belongs to nobody and is swept away after a day.
/// </summary>
public sealed class AttachmentBytes(ITransactions transactions, IDbContextFactory<RoutingDb> databases, TimeProvider time)
{
    // Enough for a whole case with its papers; not enough to fill a disk with.
    private const long MostADay = 100L * 1024 * 1024;
    private static readonly TimeSpan UnownedFor = TimeSpan.FromDays(1);

    /// <summary>Reads a file to its end and keeps it; whatever is wrong with it, what was stored of it is taken away again.</summary>
    /// <returns>The bytes kept, or why not; a file that is not taken is read no further.</returns>
    /// <exception cref="IOException">The source broke off.</exception>
    public async Task<(KeptBytes? Kept, AttachmentFailure? Failure)> Keep(Stream file, CancellationToken cancel)
    {
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string? type = null;
        long size = 0;
        try
        {
            for (int number = 0; ; number++)
            {
                byte[] part = new byte[AttachmentPart.Length];
                int read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancel);
                if (number == 0)
                {
                    if (read == 0)
                        return (null, AttachmentFailure.Empty);
                    if ((type = MediaTypes.Of(part.AsSpan(0, read))) is null)
                        return (null, AttachmentFailure.KindNotTaken);
                }
                if ((size += read) > SentFile.Largest)
                {
                    await Forget([key]);
                    return (null, AttachmentFailure.TooLarge);
                }
                if (read > 0)
                    await Store(key, number, read == part.Length ? part : part[..read]);
                if (read < part.Length)
                    return (new(key, type!, size), null);
            }
        }
        catch
        {
            await Forget([key]);
            throw;
        }
    }

    /// <summary>Whether a conversation may send more files today.</summary>
    public async Task<bool> HasRoom(string channel, string conversation, CancellationToken cancel)
    {
        DateTimeOffset since = time.GetUtcNow().AddDays(-1);
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        return await db.Attachments.Where(a => a.At > since && db.Conversations.Any(c => c.Id == a.ConversationId && c.Channel == channel && c.ChannelConversationId == conversation))
            .SumAsync(a => a.Size, cancel) < MostADay;
    }

    /// <summary>A kept file, to be read from any place.</summary>
    public Stream Open(Attachment kept) => new AttachmentStream(databases, kept.Key!, kept.Size);

    /// <summary>Takes away bytes that no row names.</summary>
    public Task Forget(IReadOnlyCollection<string> keys) => keys.Count == 0 ? Task.CompletedTask
        : transactions.Run((db, cancel) => Delete(db, keys, cancel), CancellationToken.None);

    /// <summary>Takes bytes away in the caller's transaction.</summary>
    public static Task Delete(RoutingDb db, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        db.AttachmentParts.Where(p => keys.Contains(p.Key)).ExecuteDeleteAsync(cancel);

    /// <summary>Takes away what an interrupted request or a crash left: bytes that for a day no attachment named.</summary>
    /// <returns>How many files.</returns>
    public async Task<int> Sweep(DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset before = now - UnownedFor;
        List<string> left;
        await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
            left = await db.AttachmentParts.Where(p => p.Number == 0 && p.At < before && !db.Attachments.Any(a => a.Key == p.Key)).Select(p => p.Key).ToListAsync(cancel);
        foreach (string key in left)
            await Forget([key]);
        return left.Count;
    }

    private Task Store(string key, int number, byte[] bytes) => transactions.Run((db, _) =>
    {
        db.Append(new AttachmentPart { Key = key, Number = number, Bytes = bytes, At = time.GetUtcNow() });
        return Task.CompletedTask;
    }, CancellationToken.None);
}
