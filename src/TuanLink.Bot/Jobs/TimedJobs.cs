namespace TuanLink.Bot.Jobs;

/// <summary>Runs timed jobs outside their schedule: for "run now", for the development clock, for tests. One at a time.</summary>
public sealed class TimedJobs(IServiceProvider services, TimeProvider time)
{
    private readonly SemaphoreSlim _running = new(1, 1);

    /// <summary>Runs every job once, in the order of the timetable, with the present time.</summary>
    /// <returns>How much was done.</returns>
    public async Task<int> RunAllDue(CancellationToken cancel)
    {
        int done = 0;
        foreach (TimedJob job in Timetable.Jobs)
            done += await Run(job, cancel);
        return done;
    }

    /// <summary>Runs one job.</summary>
    /// <exception cref="KeyNotFoundException">No job has this key.</exception>
    public Task<int> RunOne(string key, CancellationToken cancel) =>
        Run(Timetable.Jobs.FirstOrDefault(j => j.Key == key) ?? throw new KeyNotFoundException($"There is no job '{key}'."), cancel);

    private async Task<int> Run(TimedJob job, CancellationToken cancel)
    {
        await _running.WaitAsync(cancel);
        try
        {
            return await job.Run(services, time.GetUtcNow(), cancel);
        }
        finally
        {
            _running.Release();
        }
    }
}
