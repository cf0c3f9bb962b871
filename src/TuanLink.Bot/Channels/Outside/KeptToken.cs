namespace TuanLink.Bot.Channels.Outside;

/// <summary>A token somebody issued to us.</summary>
public sealed record IssuedToken(string Value, DateTimeOffset Until);

/// <summary>A token of ours, kept until shortly before it ends; one caller at a time fetches, the others wait for the same.</summary>
/// <param name="fetch">Gets a new one; told whether the last was refused before its time.</param>
public sealed class KeptToken(Func<bool, CancellationToken, Task<IssuedToken>> fetch, TimeProvider time) : IDisposable
{
    // A token is renewed while it still works, so that a slow call never carries one that ends on the way.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile IssuedToken? _kept;

    /// <summary>When the kept one ends; none while there is none.</summary>
    public DateTimeOffset? Until => _kept?.Until;

    public ValueTask<string> Get(CancellationToken cancel) => Fresh() is { } kept ? new(kept.Value) : new(Fetch(null, cancel));

    /// <summary>A new one in place of one that was refused before its time; the caller asks once and no more.</summary>
    public Task<string> InPlaceOf(string refused, CancellationToken cancel) => Fetch(refused, cancel);

    private async Task<string> Fetch(string? refused, CancellationToken cancel)
    {
        await _fetching.WaitAsync(cancel);
        try
        {
            // Another caller may have fetched meanwhile.
            if (Fresh() is { } kept && kept.Value != refused)
                return kept.Value;
            _kept = await fetch(refused is not null, cancel);
            return _kept.Value;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private IssuedToken? Fresh() => _kept is { } kept && time.GetUtcNow() < kept.Until - RenewBefore ? kept : null;

    public void Dispose() => _fetching.Dispose();
}
