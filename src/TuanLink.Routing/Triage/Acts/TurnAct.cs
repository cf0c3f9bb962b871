namespace TuanLink.Routing.Triage.Acts;

/// <summary>What a message does at its place in the conversation: an inquiry is told apart from words on one that is open,
/// whatever else it may be is a <see cref="ConversationAct"/>.</summary>
public enum TurnAct { NewInquiry, FollowUp, Greeting, ThanksClose, StatusQuery, AskHuman, Withdraw, Erase, AbuseOrAd }

internal static class TurnActs
{
    public static readonly int Count = Enum.GetValues<TurnAct>().Length;

    // The order of both enumerations is the same but for the inquiry, which is two here.
    public static TurnAct Of(ConversationAct act) => act == ConversationAct.Inquiry ? TurnAct.NewInquiry : (TurnAct)((int)act + 1);

    public static ConversationAct ActOf(TurnAct act) => act <= TurnAct.FollowUp ? ConversationAct.Inquiry : (ConversationAct)((int)act - 1);

    public static TurnAct Of(TurnRelation relation) => relation == TurnRelation.NewTopic ? TurnAct.NewInquiry : TurnAct.FollowUp;
}
