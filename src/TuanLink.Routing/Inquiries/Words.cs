namespace TuanLink.Routing.Inquiries;

/// <summary>What the youth wants of us (DOMAIN.md §3, 诉求类型).</summary>
public enum InquiryKind { Consultation, HelpRequest, ProblemReport, Suggestion }

/// <summary>What the inquiry is about (DOMAIN.md §3, 主题).</summary>
public enum Topic
{
    MentalHealth, PhysicalHealth, Study, Employment, Entrepreneurship, Rights, Relationships,
    Family, Livelihood, Volunteering, CultureSports, LeagueAffairs, Other,
}

/// <summary>How soon a human is owed: it sets the clocks of DOMAIN.md §5.</summary>
public enum Urgency { Routine, Priority, Crisis }

/// <summary>Danger to life, body or freedom as read so far. It rises by itself and falls only by a named human (DOMAIN.md §3).</summary>
public enum Risk { None, Concern, Crisis }

/// <summary>The three headings of a cadre's problem list (思想困惑, 实际困难, 意见建议).</summary>
public enum ProblemCategory { Confusion, Difficulty, Opinion }

/// <summary>Where an inquiry stands (DOMAIN.md §3).</summary>
public enum InquiryStatus { AwaitingTriage, Assigned, Answered, Resolved, Closed, Reopened, Withdrawn, Dismissed, Merged }
