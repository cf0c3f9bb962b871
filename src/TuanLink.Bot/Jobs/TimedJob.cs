namespace TuanLink.Bot.Jobs;

/// <summary>A job the service does by itself.</summary>
/// <param name="Key">Its name in the scheduler.</param>
/// <param name="Cron">Quartz cron with seconds, in UTC: no time zone data is needed to run.</param>
/// <param name="Schedule">The schedule in words.</param>
/// <param name="Run">Does what is due at the given moment and returns how much that was.</param>
public sealed record TimedJob(string Key, string Name, string What, string Cron, string Schedule,
    Func<IServiceProvider, DateTimeOffset, CancellationToken, Task<int>> Run);
