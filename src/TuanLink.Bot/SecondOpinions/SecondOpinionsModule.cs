using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using TuanLink.Routing.SecondOpinions;

namespace TuanLink.Bot.SecondOpinions;

public static class SecondOpinionsModule
{
    /// <summary>The model and the pass that asks it; nothing at all unless the settings enable it.</summary>
    /// <param name="byHand">Whether the pass is only called by hand, as tests do.</param>
    public static IServiceCollection AddSecondOpinions(this IServiceCollection services, IConfiguration configuration, bool byHand)
    {
        if (!configuration.GetSection(SecondOpinionOptions.Section).GetValue<bool>(nameof(SecondOpinionOptions.Enabled)))
            return services;
        services.AddSingleton<IChatClient>(provider => new ChatCompletions(provider.GetRequiredService<IOptions<SecondOpinionOptions>>().Value));
        services.AddSingleton<GiveSecondOpinions>();
        if (!byHand)
            services.AddHostedService<AskInBackground>();
        return services;
    }

    /// <summary>Asks about what came in, far from any turn and from the timed jobs, none of which may ever wait for a model.</summary>
    private sealed class AskInBackground(GiveSecondOpinions opinions, TimeProvider time, ILogger<AskInBackground> log) : BackgroundService
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Every, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await opinions.GiveSome(time.GetUtcNow(), stoppingToken) > 0)
                    {
                        // as long as any waits
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    log.LogWarning("A second opinion could not be kept: {Kind}.", failure.GetType().Name);
                }
            }
        }
    }
}
