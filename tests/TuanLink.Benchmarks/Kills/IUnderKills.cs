using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks.Kills;

/// <summary>A channel whose clients go on writing while the service is killed.</summary>
internal interface IUnderKills
{
    string Name { get; }

    /// <summary>Whether the last judgement found all that this channel promises.</summary>
    bool Holds { get; }

    /// <summary>One client: the next message as soon as the last is answered, and at the end none left unanswered.</summary>
    /// <returns>How often a message was sent again.</returns>
    Task<int> PostAsync(IEnumerable<MessageActivity> messages, CancellationToken enough, CancellationToken cancellation);

    /// <summary>Waits until every answered message has its acknowledgement and nothing more comes, and says what became of all so far.</summary>
    /// <param name="most">How long an acknowledgement is waited for.</param>
    Task<Verdict> JudgeAsync(TimeSpan most, CancellationToken cancellation);
}

/// <summary>What is wrong with the messages that were answered.</summary>
/// <param name="Answered">How many were.</param>
/// <param name="Lost">Not there.</param>
/// <param name="Doubled">There more than once.</param>
/// <param name="Unacknowledged">No acknowledgement came.</param>
/// <param name="SentAgain">The same acknowledgement came again, under the same activity id: a receiver can drop it.</param>
/// <param name="SaidAgain">The same acknowledgement came again and nothing tells it from a new one.</param>
internal sealed record Verdict(int Answered, int Lost, int Doubled, int Unacknowledged, int SentAgain, int SaidAgain)
{
    /// <param name="isStrict">Whether what comes again under its own id is a fault too.</param>
    public bool Holds(bool isStrict) =>
        Lost + Doubled + Unacknowledged + SaidAgain == 0 && (!isStrict || SentAgain == 0);

    public override string ToString() =>
        $"of {Answered:n0}: {Lost} lost, {Doubled} stored twice, {Unacknowledged} unacknowledged, {SentAgain} sent again under the same id, {SaidAgain} said again";
}
