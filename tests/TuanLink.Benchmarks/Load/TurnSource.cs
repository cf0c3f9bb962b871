using System.Globalization;

namespace TuanLink.Benchmarks.Load;

/// <summary>
/// Hands out turns: conversations of a given length, each of one youth, opened by a new matter.
/// Every activity id holds a number that never comes again, so that the sink can tell which turn a reply belongs to.
/// </summary>
/// <param name="perConversation">Messages in a conversation, the opening one included.</param>
/// <param name="youths">So many youths take turns; 0 gives each conversation a youth of its own.</param>
/// <param name="run">Tells the ids of this run from those of another on the same data.</param>
internal sealed class TurnSource(int perConversation, int youths, string run)
{
    private int lastTurn;
    private int lastConversation;

    /// <summary>One connection's talk: a conversation after the other, without end.</summary>
    public IEnumerable<MessageActivity> Talk()
    {
        while (true)
        {
            var number = Interlocked.Increment(ref lastConversation);
            var youth = youths == 0 ? number : number % youths;
            for (var place = 0; place < perConversation; place++)
            {
                var turn = Interlocked.Increment(ref lastTurn);
                yield return new MessageActivity(
                    string.Create(CultureInfo.InvariantCulture, $"{run}-{turn}"),
                    string.Create(CultureInfo.InvariantCulture, $"conversation-{run}-{number}"),
                    string.Create(CultureInfo.InvariantCulture, $"youth-{run}-{youth}"),
                    TextAt(place, number));
            }
        }
    }

    private static string TextAt(int place, int conversation) =>
        place == 0
            ? Matters.Openings[conversation % Matters.Openings.Length]
            : Matters.FollowUps[(conversation + place * 5) % Matters.FollowUps.Length];
}
