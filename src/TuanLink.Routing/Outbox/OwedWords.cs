using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Outbox;

/// <summary>Words to deliver and, where it is known already, to whom.</summary>
/// <param name="To">None if the deliverer must look.</param>
public sealed record OwedWords(OutboxMessage Message, Conversation? To);
