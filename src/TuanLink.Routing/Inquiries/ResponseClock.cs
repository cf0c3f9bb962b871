using Microsoft.Extensions.Options;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Inquiries;

/// <summary>How long each urgency may wait (section "Clocks"; defaults of DOMAIN.md §5).</summary>
public sealed class ClockOptions
{
    public const string Section = "Clocks";

    /// <summary>Minutes, any hour.</summary>
    public double CrisisMinutes { get; set; } = 5;

    /// <summary>Hours of working time.</summary>
    public double PriorityWorkingHours { get; set; } = 4;

    /// <summary>Clock hours.</summary>
    public double RoutineHours { get; set; } = 24;

    /// <summary>Working days until an effective answer.</summary>
    public int PriorityWorkingDays { get; set; } = 3;
    public int RoutineWorkingDays { get; set; } = 7;

    /// <summary>Days without a word of the youth after which an answered item closes.</summary>
    public int CloseAfterDays { get; set; } = 7;

    /// <summary>Hours of quiet after an answer before the youth is asked whether it helped.</summary>
    public double AskAfterHours { get; set; } = 2;

    /// <summary>Working hours an expert or a receiving cadre has to accept.</summary>
    public double AcceptWithinWorkingHours { get; set; } = 4;
}

internal sealed class ClockOptionsRule : IValidateOptions<ClockOptions>
{
    public ValidateOptionsResult Validate(string? name, ClockOptions options)
    {
        foreach ((string key, double value) in new (string, double)[]
        {
            (nameof(options.CrisisMinutes), options.CrisisMinutes),
            (nameof(options.PriorityWorkingHours), options.PriorityWorkingHours),
            (nameof(options.RoutineHours), options.RoutineHours),
            (nameof(options.PriorityWorkingDays), options.PriorityWorkingDays),
            (nameof(options.RoutineWorkingDays), options.RoutineWorkingDays),
            (nameof(options.CloseAfterDays), options.CloseAfterDays),
            (nameof(options.AskAfterHours), options.AskAfterHours),
            (nameof(options.AcceptWithinWorkingHours), options.AcceptWithinWorkingHours),
        })
            if (value is not (> 0 and <= 1000))
                return ValidateOptionsResult.Fail($"Clocks:{key} is '{value}'; it must be more than 0 and at most 1000.");
        return ValidateOptionsResult.Success;
    }
}

/// <summary>Computes when answers are due (DOMAIN.md §5). Pure: moment, urgency and calendar in, moment out.</summary>
public sealed class ResponseClock(IOptions<ClockOptions> options)
{
    public ClockOptions Options => options.Value;

    /// <summary>When the given share of the time for a first answer has passed; 1 is the due moment itself.</summary>
    public DateTimeOffset ResponseAt(DateTimeOffset from, Urgency urgency, WorkingCalendar calendar, double share = 1) => urgency switch
    {
        Urgency.Crisis => from.AddMinutes(Options.CrisisMinutes * share),
        Urgency.Priority => calendar.AddWorkingTime(from, TimeSpan.FromHours(Options.PriorityWorkingHours * share)),
        _ => from.AddHours(Options.RoutineHours * share),
    };

    /// <summary>When an effective answer is due. A crisis ends by confirmed contact, not by a day: its date is the priority one, as the latest that is ever acceptable.</summary>
    public DateTimeOffset EffectiveAt(DateTimeOffset from, Urgency urgency, WorkingCalendar calendar) =>
        calendar.AddWorkingDays(from, urgency == Urgency.Routine ? Options.RoutineWorkingDays : Options.PriorityWorkingDays);

    /// <summary>Begins a new round of waiting: the ladder of chasing counts from now, the figures' clock stays as it was.</summary>
    public void BeginRound(Inquiry inquiry, DateTimeOffset now, WorkingCalendar calendar)
    {
        inquiry.Round++;
        inquiry.RoundStartedAt = now;
        inquiry.RoundAnsweredAt = null;
        inquiry.AskedAt = null;
        inquiry.ResponseDueAt = ResponseAt(now, inquiry.Urgency, calendar);
    }

    /// <summary>When an offer to a receiver lapses.</summary>
    public DateTimeOffset AcceptBy(DateTimeOffset from, WorkingCalendar calendar) =>
        calendar.AddWorkingTime(from, TimeSpan.FromHours(Options.AcceptWithinWorkingHours));
}
