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
        services.AddQuartzHostedService(options =>
        {
            options.WaitForJobsToComplete = true;
            // The first youth is answered before the first job is looked at.
            options.AwaitApplicationStarted = true;
        });
        return services;
    }

    /// <summary>All that Quartz knows of a job: its key names the body in the timetable.</summary>
    [DisallowConcurrentExecution]
    private sealed class RunTimedJob(TimedJobs jobs) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
            await jobs.RunOne(context.JobDetail.Key.Name, cancellationToken);
    }
}
