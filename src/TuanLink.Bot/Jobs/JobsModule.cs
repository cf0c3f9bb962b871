using Microsoft.Data.Sqlite;
using Npgsql;
using Quartz;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Jobs;

public static class JobsModule
{
    /// <summary>Schedules the timetable with Quartz's persistent store: a fire missed while the service was down happens once after it is up.</summary>
    public static IServiceCollection AddTimedJobs(this IServiceCollection services, DatabaseOptions database)
    {
        services.Configure<QuartzOptions>(options =>
        {
            // Without this a trigger declared here forgets, at each start, what it missed.
            options.Scheduling.ScheduleTriggerRelativeToReplacedTrigger = true;
            options.Scheduling.OverwriteExistingData = true;
        });
        services.AddQuartz(quartz =>
        {
            quartz.UsePersistentStore(store =>
            {
                // A file of its own on SQLite: the scheduler's locks never stand in the way of a turn.
                if (database.Engine == Engine.Postgres)
                {
                    store.UsePostgres(NpgsqlFactory.Instance, database.ConnectionString);
                    store.UseClustering(_ => { });
                }
                else
                {
                    store.UseSqlite(SqliteFactory.Instance, new SqliteConnectionStringBuilder { DataSource = Path.Combine(database.Folder, "jobs.db") }.ToString());
                }
                store.ProvisionSchema();
                store.UseExecutionHistory();
            });
            quartz.AddQuartzHealthChecks();
            foreach (TimedJob job in Timetable.Jobs)
            {
                quartz.AddJob<RunTimedJob>(j => j.WithIdentity(job.Key).WithDescription(job.Name).StoreDurably().RequestRecovery());
                quartz.AddTrigger(t => t.ForJob(job.Key).WithIdentity(job.Key).WithSchedule(CronScheduleBuilder.Create(job.Cron)
                    .InTimeZone(TimeZoneInfo.Utc)
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)));
            }
        });
        services.Configure<ExecutionHistoryOptions>(options => options.Retention = TimeSpan.FromDays(14));
        services.Configure<QuartzHostedServiceOptions>(options => options.WaitForJobsToComplete = true);
        services.AddSingleton<QuartzHostedService>().AddHostedService<ScheduleAfterPorts>();
        return services;
    }

    /// <summary>Lets Quartz read and write its timetable once the ports are open: a young person writing at that moment does not wait for it.</summary>
    private sealed class ScheduleAfterPorts(QuartzHostedService quartz) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken) => quartz.StartAsync(cancellationToken);
        public Task StopAsync(CancellationToken cancellationToken) => quartz.StopAsync(cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>All that Quartz knows of a job: its key names the body in the timetable.</summary>
    [DisallowConcurrentExecution]
    private sealed class RunTimedJob(TimedJobs jobs) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
            await jobs.RunOne(context.JobDetail.Key.Name, cancellationToken);
    }
}
