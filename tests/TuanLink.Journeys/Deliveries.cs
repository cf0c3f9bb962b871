using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Journeys;

/// <summary>Words on their way out of a service under test.</summary>
internal static class Deliveries
{
    /// <summary>
    /// Waits until every word that is due is noted as sent, as failed or as waiting for its next try. What a peer has heard counts only from that note
    /// on, so the clock must not move before.
    /// </summary>
    /// <exception cref="OperationCanceledException">Words were still on their way after a minute.</exception>
    public static async Task AreNoted(IServiceProvider services, DateTimeOffset now)
    {
        IDbContextFactory<RoutingDb> databases = services.GetRequiredService<IDbContextFactory<RoutingDb>>();
        await Eventually.Until(async () =>
        {
            await using RoutingDb db = await databases.CreateDbContextAsync();
            // Words behind one that waits for its next try wait, too, until a test moves the clock.
            return !await db.Outbox.AnyAsync(o => o.State == Delivery.Queued && o.DueAt <= now
                && !db.Outbox.Any(e => e.ConversationId == o.ConversationId && e.State == Delivery.Queued && e.Id < o.Id && e.DueAt > now));
        });
    }
}
