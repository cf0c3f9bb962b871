using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Chases;

/// <summary>The steps of the ladder for an unanswered item (DOMAIN.md §5), in the order they are taken.</summary>
public enum ChaseStep { Half, FourFifths, Overdue, Reassign, LevelUp, EffectiveOverdue }

/// <summary>A step that is due.</summary>
/// <param name="Level">For <see cref="ChaseStep.LevelUp"/>: how many levels above the youth's unit, from 1.</param>
public sealed record DueStep(ChaseStep Step, DateTimeOffset At, int Level = 0)
{
    /// <summary>The step's name in its unique mark.</summary>
    public string Mark => Step switch
    {
        ChaseStep.Half => "half",
        ChaseStep.FourFifths => "four-fifths",
        ChaseStep.Overdue => "overdue",
        ChaseStep.Reassign => "reassign",
        ChaseStep.LevelUp => $"level-{Level}",
        ChaseStep.EffectiveOverdue => "effective-overdue",
        _ => throw new InvalidOperationException($"{Step} has no mark."),
    };
}

/// <summary>When each step of the chase is due. Pure: the item, its calendar and the moment in, the due steps out.</summary>
public sealed class ChaseSchedule(ResponseClock clock)
{
    /// <param name="levels">How many units stand above the youth's unit: the climb ends at the root.</param>
    public IEnumerable<DueStep> Due(Inquiry inquiry, WorkingCalendar calendar, int levels, DateTimeOffset now)
    {
        if (!inquiry.IsOpen)
            return [];
        return Ladder(inquiry, calendar, levels).TakeWhile(s => s.At <= now)
            .Concat(EffectiveOverdue(inquiry).Where(s => s.At <= now));
    }

    /// <summary>The moment of the next step after <paramref name="now"/>, so that a screen can say what comes; none if nothing does.</summary>
    public DueStep? Next(Inquiry inquiry, WorkingCalendar calendar, int levels, DateTimeOffset now) =>
        inquiry.IsOpen ? Ladder(inquiry, calendar, levels).FirstOrDefault(s => s.At > now) : null;

    private IEnumerable<DueStep> Ladder(Inquiry inquiry, WorkingCalendar calendar, int levels)
    {
        if (inquiry.RoundAnsweredAt is not null)
            yield break;
        // A round's due moment may have come nearer when its risk rose: shares are of the time really left then.
        DateTimeOffset due = inquiry.ResponseDueAt;
        yield return new(ChaseStep.Half, Earlier(clock.ResponseAt(inquiry.RoundStartedAt, inquiry.Urgency, calendar, 0.5), due));
        yield return new(ChaseStep.FourFifths, Earlier(clock.ResponseAt(inquiry.RoundStartedAt, inquiry.Urgency, calendar, 0.8), due));
        yield return new(ChaseStep.Overdue, due);
        yield return new(ChaseStep.Reassign, calendar.AddWorkingDays(due, 1));
        for (int level = 1; level <= levels; level++)
            yield return new(ChaseStep.LevelUp, calendar.AddWorkingDays(due, 1 + level), level);
    }

    private static IEnumerable<DueStep> EffectiveOverdue(Inquiry inquiry) =>
        inquiry.Status == InquiryStatus.Answered ? [] : [new(ChaseStep.EffectiveOverdue, inquiry.EffectiveDueAt)];

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
