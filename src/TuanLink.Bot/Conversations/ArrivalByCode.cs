using TuanLink.Routing.Assignments;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Conversations;

/// <summary>A youth comes by a poster's code: linked to whoever hung it, told so beside the welcome, and told how to undo it.</summary>
public sealed class ArrivalByCode(ContactCodes codes, LinkYouth links, Wording wording)
{
    /// <summary>Runs in the transaction of the arrival, after the welcome.</summary>
    /// <returns>What is owed to the youth about it; none if the code is not ours or changes nothing.</returns>
    public async Task<OutboxMessage?> Arrive(RoutingDb db, Speaker speaker, CodeOf code, DateTimeOffset now)
    {
        if (await links.Link(db, speaker.Youth, code, now, CancellationToken.None) is not var (who, isPerson))
            return null;
        OutboxMessage said = db.Owe(speaker.Conversation, wording.Say(isPerson ? "linked_to_person" : "linked_to_unit", ("who", who)), now, actions: [wording.Say("unlink_choice")]);
        await db.SaveChangesAsync();
        return said;
    }

    /// <summary>Reads a code before the transaction, since reading it may need one of its own.</summary>
    public ValueTask<CodeOf?> Read(string? code, CancellationToken cancel) => string.IsNullOrWhiteSpace(code) ? new((CodeOf?)null) : codes.Read(code, cancel);
}
