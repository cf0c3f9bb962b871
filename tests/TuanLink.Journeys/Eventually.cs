namespace TuanLink.Journeys;

/// <summary>Waits for what comes about by itself: looks again and again until it is so, and gives up in the end.</summary>
public static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25), Patience = TimeSpan.FromSeconds(60);

    /// <param name="between">Done between two looks, e.g. moving the clock by hand.</param>
    /// <exception cref="OperationCanceledException">It did not come about within a minute.</exception>
    public static async Task Until(Func<Task<bool>> so, Action? between = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(Look);
        while (!await so())
        {
            between?.Invoke();
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
