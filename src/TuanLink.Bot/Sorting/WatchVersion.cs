using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Bot.Sorting;

/// <summary>Looks now and then which version is to sort, so that a node takes up what another promoted, or an administrator chose, without a restart.</summary>
public sealed class WatchVersion(SorterInUse sorter, TimeProvider time, ILogger<WatchVersion> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await sorter.TakeUp(stoppingToken))
                    log.LogInformation("The sorter's version {Version} sorts now.", sorter.Version);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // What sorts now goes on sorting; the next look tries again.
                log.LogWarning("The sorter's version could not be taken up: {Kind}.", failure.GetType().Name);
            }
        }
    }
}
