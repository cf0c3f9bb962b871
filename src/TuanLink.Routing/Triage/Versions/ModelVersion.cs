using System.Globalization;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>What came of a challenger.</summary>
public enum Judgement { Promoted, Refused }

/// <summary>One attempt to learn from corrections: what was taught, how it compared with the sorter in use, what was decided. Never changed.</summary>
public sealed class ModelVersion
{
    public long Id { get; set; }
    public DateTimeOffset TrainedAt { get; set; }

    /// <summary>Hash over the seeds and the lessons taught.</summary>
    public required string ContentHash { get; set; }

    /// <summary>The version it was compared with; 0 is what the seeds alone teach.</summary>
    public long ChampionId { get; set; }

    /// <summary>The newest correction there was.</summary>
    public long CorrectionsUntil { get; set; }

    /// <summary>The ids of the corrections taught, comma-separated: from these it can be learned again.</summary>
    public required string Lessons { get; set; }
    public IEnumerable<long> LessonIds => Lessons.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => long.Parse(id, CultureInfo.InvariantCulture));

    public int Taught { get; set; }
    public int HeldOut { get; set; }
    public Judgement Judgement { get; set; }

    /// <summary>Why, in Chinese, for the administrator.</summary>
    public required string Reason { get; set; }

    /// <summary>A <see cref="Comparison"/> as JSON: the figures the judgement rests on.</summary>
    public required string Figures { get; set; }
}
