using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Sorts a conversation turn by turn, each with the context the service would have: what the sorter itself made of the
/// turns before.</summary>
internal static class PlayConversation
{
    /// <summary>The verdict on each turn and what it says in the codes of a conversation file.</summary>
    public static IEnumerable<(ConversationTurn Turn, Verdict Verdict, string Guess)> Of(TriageInquiry triage, ConversationSeed conversation)
    {
        var before = new ConversationSoFar();
        foreach (var turn in conversation.Turns)
        {
            var context = before.Context;
            var verdict = triage.Sort(turn.Text, context);
            var act = verdict.Act != ConversationAct.Inquiry ? TurnActs.Of(verdict.Act)
                : context.OpenInquiry is null ? TurnAct.NewInquiry
                // An unsure relation stays with the open inquiry, where a human reads it.
                : TurnActs.Of(verdict.Relation);
            yield return (turn, verdict,
                act == TurnAct.NewInquiry && before.HasInquired ? ConversationFile.NewTopic : SeedCodes.Code(act));
            before.Hear(turn.Text, act, verdict.Topic);
        }
    }
}
