using Microsoft.Extensions.Options;
using Quartz;
using Quartz.Extensibility;
using TuanLink.Admin;
using TuanLink.Routing.Clocks;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Jobs;

/// <summary>What the jobs page shows and does, from the timetable, Quartz's history and the clock.</summary>
public sealed class JobsBoard(TimedJobs jobs, MovableClock clock, ITransactions transactions, IServiceProvider services, IHostEnvironment environment) : IJobsBoard
{
    private const int RunsShown = 60;

    public IReadOnlyList<JobLine> Jobs => [.. Timetable.Jobs.Select(j => new JobLine(j.Key, j.Name, j.What, j.Schedule))];

    public bool MayMoveClock => environment.IsDevelopment();

    public TimeSpan ClockOffset => clock.Offset;

    public async Task<IReadOnlyList<JobRun>> LatestRuns(bool onlyFailed, CancellationToken cancel)
    {
        if (services.GetService<IExecutionHistoryStore>() is not { } history || services.GetService<ISchedulerFactory>() is not { } schedulers)
            return [];
        IScheduler scheduler = await schedulers.GetScheduler(cancel);
        var page = await history.QueryExecutions(new ExecutionHistoryQuery { SchedulerName = scheduler.SchedulerName }, cancel);
        return [.. page.Items.Where(e => !onlyFailed || !e.Succeeded).OrderByDescending(e => e.FiredAtUtc).Take(RunsShown)
            .Select(e => new JobRun(e.JobName, e.FiredAtUtc, e.Duration, e.Succeeded, e.ExceptionMessage))];
    }

    public Task<int> RunNow(string key, CancellationToken cancel) => jobs.RunOne(key, cancel);

    public async Task MoveClock(TimeSpan by, CancellationToken cancel)
    {
        if (!MayMoveClock)
            throw new InvalidOperationException("The clock moves by hand only in Development.");
        await clock.Advance(transactions, by, cancel);
        await jobs.RunAllDue(cancel);
    }
}
