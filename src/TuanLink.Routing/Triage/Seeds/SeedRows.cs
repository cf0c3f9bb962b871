using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>A message written by hand, with what it should be sorted as.</summary>
public sealed record SeedMessage(Topic Topic, InquiryKind Kind, Urgency Urgency, bool Hard, string Text);

/// <summary>A word or phrase that speaks of a topic.</summary>
public sealed record PhraseSeed(Topic Topic, string Text);

/// <summary>A message that is dangerous, worrying, or only sounds so (<see cref="Risk.None"/>).</summary>
public sealed record DangerSeed(Risk Level, RiskType Type, bool Hard, string Text);

/// <summary>A message of which only what it does in the conversation is known.</summary>
public sealed record ActSeed(ConversationAct Act, string Text);

/// <summary>Two messages of one youth and whether the second goes on about the first.</summary>
public sealed record TurnSeed(string Previous, string Text, TurnRelation Relation);

/// <summary>An expression of danger, or one that takes danger away (hyperbole, games, songs: softening).</summary>
/// <param name="Level">Crisis or Concern; None for a softening expression.</param>
public sealed record DangerPattern(Risk Level, RiskType Type, string Pattern, string Note, string Origin);
