namespace TuanLink.Bot.Conversations;

/// <summary>Hears of each turn once it is on disk.</summary>
public interface IHearsTurns
{
    /// <param name="taken">What came of it; never a repeat.</param>
    void Heard(IncomingWords words, TurnTaken taken);
}
