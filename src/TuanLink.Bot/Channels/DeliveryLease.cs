using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels;

/// <summary>
/// Of several nodes on one PostgreSQL, one at a time delivers to a conversation: it holds a lease on it, by the database's own clock, and
/// looks before each word which comes first. So no word is sent twice or out of turn. A node that dies loses its lease after a while;
/// what it was sending goes out again under the same id. On SQLite there is one process, and nothing to ask.
/// </summary>
public sealed class DeliveryLease(IDbContextFactory<RoutingDb> databases, IOptions<DatabaseOptions> options, TimeProvider time)
{
    // .NET's ticks, as the column keeps them. Each node's own clock may be off; this one is the same for all.
    private const string Now = "((extract(epoch from clock_timestamp()) * 10000000)::bigint + 621355968000000000)";

    /// <summary>Seconds: longer than the longest try to send, and the note of it.</summary>
    private const int Length = 40;

    private const string Take = $"""
        UPDATE conversations SET delivering_by = @p0, delivering_until = {Now} + @p2 * 10000000::bigint
        WHERE id = @p1 AND (delivering_by IS NULL OR delivering_by = @p0 OR delivering_until < {Now})
        """;

    private readonly string _node = Guid.NewGuid().ToString("N");

    public bool IsNeeded { get; } = options.Value.Engine == Engine.Postgres;

    /// <summary>Takes or prolongs the lease of the word's conversation.</summary>
    /// <returns>Whether this word may be sent now: the lease is held, and the word is the first that is owed there and is due.</returns>
    public async Task<bool> MaySend(OutboxMessage owed, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        if (await db.Database.ExecuteSqlRawAsync(Take, [_node, owed.ConversationId, Length], cancel) == 0)
            return false;
        // A statement of its own: it sees what the lease's last holder wrote before letting go.
        var first = await db.Outbox.AsNoTracking().Where(o => o.ConversationId == owed.ConversationId && o.State == Delivery.Queued)
            .OrderBy(o => o.Id).Select(o => new { o.Id, o.DueAt }).FirstOrDefaultAsync(cancel);
        return first is not null && first.Id == owed.Id && first.DueAt <= time.GetUtcNow();
    }

    /// <summary>Lets another node deliver. Call only when the outcome of every word sent is on disk.</summary>
    public async Task Release(long conversationId, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        await db.Conversations.Where(c => c.Id == conversationId && c.DeliveringBy == _node)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.DeliveringBy, (string?)null).SetProperty(c => c.DeliveringUntil, (DateTimeOffset?)null), cancel);
    }
}
