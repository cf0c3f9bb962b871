using Microsoft.EntityFrameworkCore.ChangeTracking;
using TuanLink.Routing.Database;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Outbox;

/// <summary>Words to deliver and, where it is known already, to whom.</summary>
/// <param name="To">None if the deliverer must look.</param>
public sealed record OwedWords(OutboxMessage Message, Conversation? To)
{
    /// <summary>Collects what the context has saved and now owes.</summary>
    internal static void Collect(RoutingDb db, List<OwedWords> owed)
    {
        foreach (EntityEntry entry in db.ChangeTracker.Entries())
            if (entry.Entity is OutboxMessage { State: Delivery.Queued } message)
                owed.Add(new(message, db.Conversations.Local.FindEntry(message.ConversationId)?.Entity));
    }
}
