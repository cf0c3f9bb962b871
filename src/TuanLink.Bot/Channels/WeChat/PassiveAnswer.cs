using System.Text;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>
/// Who carries the first words of a turn to the youth: the answer to the callback itself, or a customer-service message later. Decided
/// once, inside the turn's transaction or by the end of patience, whichever comes first; so never both.
/// </summary>
public sealed class PassiveAnswer
{
    private const int Open = 0, Carried = 1, GivenUp = 2;
    private int _state;

    /// <summary>Taken by the turn; a turn that runs again takes it again.</summary>
    public bool TryCarry() => Interlocked.CompareExchange(ref _state, Carried, Open) != GivenUp;

    /// <summary>Taken by the end of patience.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Open) != Carried;

    /// <summary>As many of the first words as one answer holds, buttons as numbered lines.</summary>
    public static List<OutboxMessage> Fitting(IReadOnlyList<OutboxMessage> owed)
    {
        var fitting = new List<OutboxMessage>();
        foreach (OutboxMessage next in owed)
        {
            fitting.Add(next);
            if (Encoding.UTF8.GetByteCount(Text(fitting)) <= WeChatSender.LongestText)
                continue;
            fitting.RemoveAt(fitting.Count - 1);
            break;
        }
        return fitting;
    }

    public static string Text(IEnumerable<OutboxMessage> carried) => string.Join("\n\n", carried.Select(o => Choices.InWords(WeChatSender.WordsOf(o), o.Actions)));
}
