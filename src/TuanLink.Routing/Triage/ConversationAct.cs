namespace TuanLink.Routing.Triage;

/// <summary>What a youth does with a message. Anything that could be an inquiry is read as one.</summary>
public enum ConversationAct { Inquiry, Greeting, ThanksClose, StatusQuery, AskHuman, Withdraw, Erase, AbuseOrAd }

/// <summary>How a message stands to the open inquiry. Unsure means: ask the youth, or keep it with the open one.</summary>
public enum TurnRelation { Unsure, FollowUp, NewTopic }

/// <summary>What kind of danger was read; None when no danger was.</summary>
public enum RiskType { None, SelfHarm, Violence, Missing, Detention, Medical }
