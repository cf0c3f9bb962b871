using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Corrections;

/// <summary>
/// What a human said of a sorting, beside what the sorter had said: kept so that the sorter can learn from it. Holds no words of the
/// youth, only the message they are in; gone with the youth's data.
/// </summary>
public sealed class SortingCorrection
{
    public long Id { get; set; }
    public long InquiryId { get; set; }

    /// <summary>The inquiry's first words, which the sorter read; none where they were never kept.</summary>
    public long? MessageId { get; set; }

    /// <summary>The cadre who corrected or confirmed.</summary>
    public long ById { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The version of the sorter that had sorted it; 0 is what the seeds alone teach.</summary>
    public long SaidByVersion { get; set; }
    public double SaidWith { get; set; }
    public Topic SaidTopic { get; set; }
    public InquiryKind SaidKind { get; set; }
    public Urgency SaidUrgency { get; set; }
    public ProblemCategory SaidCategory { get; set; }
    public Risk SaidRisk { get; set; }

    /// <summary>The topic a human chose or confirmed; none where they said nothing about it.</summary>
    public Topic? Topic { get; set; }

    /// <summary>What follows is set only where the human changed it: a field left alone in a form says nothing.</summary>
    public InquiryKind? Kind { get; set; }
    public Urgency? Urgency { get; set; }
    public ProblemCategory? Category { get; set; }
    public Risk? Risk { get; set; }

    /// <summary>An administrator went back to a version older than this correction: it is kept, but no longer taught.</summary>
    public bool SetAside { get; set; }
}
