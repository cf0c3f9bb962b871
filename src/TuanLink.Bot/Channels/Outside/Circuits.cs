using System.Collections.Concurrent;

namespace TuanLink.Bot.Channels.Outside;

/// <summary>The other side failed so often in a row that it is left alone for a moment.</summary>
public sealed class CircuitIsOpen(string host) : HttpRequestException($"{host} has failed repeatedly and is left alone for a moment.");

/// <summary>How a host is doing.</summary>
/// <param name="Failures">Failures in a row, up to now.</param>
/// <param name="OpenUntil">Until when nothing is sent there; then one call tries.</param>
public sealed record CircuitState(string Host, int Failures, DateTimeOffset? OpenUntil);

/// <summary>
/// Leaves a host alone that fails again and again, so that those who wait for its answer do not take the places of the others. One
/// call tries after the pause; its success closes the circuit. Refusals (4xx) are answers, not failures.
/// </summary>
public sealed class Circuits(TimeProvider time)
{
    private const int FailuresInARow = 10;
    private const int MostHosts = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, CircuitState> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<CircuitState> Failing => [.. _hosts.Values.OrderByDescending(c => c.Failures).Take(50)];

    /// <exception cref="CircuitIsOpen">The host is being left alone.</exception>
    public void Enter(string host)
    {
        if (!_hosts.TryGetValue(host, out CircuitState? state) || state.OpenUntil is not { } until)
            return;
        DateTimeOffset now = time.GetUtcNow();
        // Whoever moves the moment on is the one that tries.
        if (now < until || !_hosts.TryUpdate(host, state with { OpenUntil = now + Pause }, state))
            throw new CircuitIsOpen(host);
    }

    /// <summary>Whether the host is not being left alone; asking takes nobody's turn to try.</summary>
    public bool IsClosed(string host) => !_hosts.TryGetValue(host, out CircuitState? state) || state.OpenUntil is null;

    public void Succeeded(string host) => _hosts.TryRemove(host, out _);

    public void Failed(string host)
    {
        if (_hosts.Count >= MostHosts)
            _hosts.Clear();
        _hosts.AddOrUpdate(host, _ => new(host, 1, null), (_, was) => was with
        {
            Failures = was.Failures + 1,
            OpenUntil = was.Failures + 1 >= FailuresInARow ? time.GetUtcNow() + Pause : null,
        });
    }
}
