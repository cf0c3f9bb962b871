using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Inquiries;

/// <summary>One matter a youth brought (诉求), from the first message to its end. Only use cases change it, each leaving its reason in the timeline.</summary>
public sealed class Inquiry
{
    public long Id { get; set; }

    /// <summary>The number a person can read aloud, e.g. QS-261121-0042-K; unique.</summary>
    public required string Reference { get; set; }

    public long YouthId { get; set; }
    public long ConversationId { get; set; }

    /// <summary>The unit whose youth this is: figures count here.</summary>
    public long UnitId { get; set; }

    /// <summary>The channel it came through, kept here because figures by channel outlive the conversation.</summary>
    public string Channel { get; set; } = "";

    /// <summary>The opening words, at most 60 characters, for lists; empty once erased.</summary>
    public string Headline { get; set; } = "";

    public InquiryKind Kind { get; set; }
    public Topic Topic { get; set; }
    public Urgency Urgency { get; set; }
    public ProblemCategory Category { get; set; }
    public InquiryStatus Status { get; set; }

    /// <summary>How sure the sorter was of the topic, 0 to 1; 1 once a human set it.</summary>
    public double SortedWith { get; set; }

    /// <summary>The version of the sorter that sorted it; 0 is what the seeds alone teach.</summary>
    public long SortedByVersion { get; set; }

    public Risk Risk { get; set; }
    public string RiskType { get; set; } = "";

    /// <summary>The expressions the danger screen matched, for the human who reads it; empty once erased.</summary>
    public string RiskEvidence { get; set; } = "";

    /// <summary>The cadre who stays accountable (首接负责).</summary>
    public long OwnerId { get; set; }

    /// <summary>Whoever works on it now: the owner, or an expert or cadre who accepted it.</summary>
    public long HandlerId { get; set; }

    /// <summary>The cadre this is a complaint about: it is hidden from them everywhere.</summary>
    public long? AboutCadreId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>How often it was reopened; the ladder of chasing starts anew with each round.</summary>
    public int Round { get; set; }

    /// <summary>When this round began: creation, or the moment it was reopened.</summary>
    public DateTimeOffset RoundStartedAt { get; set; }

    /// <summary>When the first human answer of this round is due.</summary>
    public DateTimeOffset ResponseDueAt { get; set; }

    /// <summary>When the first human answer was due for the figures: computed from creation, never re-based.</summary>
    public DateTimeOffset FirstResponseDueAt { get; set; }

    /// <summary>When an effective answer is due (DOMAIN.md §5), from creation.</summary>
    public DateTimeOffset EffectiveDueAt { get; set; }

    /// <summary>When a human's message first arrived at the youth, whatever it said.</summary>
    public DateTimeOffset? FirstResponseAt { get; set; }

    /// <summary>When a substantive human answer first arrived: the clock stops here (DOMAIN.md §6).</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When the latest substantive answer of this round arrived; none while the youth waits.</summary>
    public DateTimeOffset? RoundAnsweredAt { get; set; }

    /// <summary>When the youth was asked whether it helped; none while not asked in this round.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>What the youth said last about the answer.</summary>
    public Outcome? Outcome { get; set; }

    /// <summary>1 to 5 as the youth gave them.</summary>
    public int? Stars { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>When it ended without the youth's confirmation: closed, withdrawn, dismissed or merged.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public int Transfers { get; set; }
    public long? MergedIntoId { get; set; }

    /// <summary>When a named human acknowledged the danger: the crisis ladder stops here.</summary>
    public DateTimeOffset? CrisisAcknowledgedAt { get; set; }
    public long? CrisisAcknowledgedBy { get; set; }

    /// <summary>When the risk reached crisis: the ladder of 5, 10 and 15 minutes counts from here.</summary>
    public DateTimeOffset? CrisisSince { get; set; }

    /// <summary>What came of contacting the youth in a crisis; needed before it can end.</summary>
    public string? ContactOutcome { get; set; }
    public long? ContactRecordedBy { get; set; }
    public DateTimeOffset? FollowUpAt { get; set; }
    public long? SignedOffBy { get; set; }

    /// <summary>Counts every change; two writers at once on PostgreSQL cannot both win.</summary>
    public long Version { get; set; }

    /// <summary>Whether somebody still owes this youth something.</summary>
    public bool IsOpen => Status is InquiryStatus.AwaitingTriage or InquiryStatus.Assigned or InquiryStatus.Answered or InquiryStatus.Reopened;

    /// <summary>Whether the youth still waits for a substantive human answer of this round.</summary>
    public bool IsUnanswered => IsOpen && RoundAnsweredAt is null;
}

/// <summary>What the youth says of the answer: 解决了, 部分解决, 没有解决.</summary>
public enum Outcome { Resolved, Partly, NotResolved }
