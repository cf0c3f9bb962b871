namespace TuanLink.Admin;

public sealed record JobLine(string Key, string Name, string What, string Schedule);

public sealed record JobRun(string Key, DateTimeOffset At, TimeSpan Took, bool Succeeded, string? Failure);

/// <summary>The timed jobs as the jobs page needs them; the host that runs them stands behind it.</summary>
public interface IJobsBoard
{
    IReadOnlyList<JobLine> Jobs { get; }

    /// <summary>Whether the clock may be moved by hand: in Development.</summary>
    bool MayMoveClock { get; }
    TimeSpan ClockOffset { get; }

    Task<IReadOnlyList<JobRun>> LatestRuns(bool onlyFailed, CancellationToken cancel);

    /// <summary>Runs a job at once and returns how much it did.</summary>
    Task<int> RunNow(string key, CancellationToken cancel);

    /// <summary>Moves the clock forward and runs what became due.</summary>
    Task MoveClock(TimeSpan by, CancellationToken cancel);
}
