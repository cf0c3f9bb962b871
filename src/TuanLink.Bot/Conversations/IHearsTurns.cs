namespace TuanLink.Bot.Conversations;

/// <summary>Hears of each turn once it is on disk. Whoever hears stands among the channels, which know the conversation; it does not know them.</summary>
public interface IHearsTurns
{
    /// <param name="taken">What came of it; never a repeat.</param>
    void Heard(IncomingWords words, TurnTaken taken);
}
