using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys;

/// <summary>
/// Keeps what the service's own rooms logged as an error, to be told when a journey fails. What EF Core says of a statement that failed is
/// not among it: a transaction that lost to another is run anew.
/// </summary>
public sealed class Complaints : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("TuanLink", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => Lines.IsEmpty ? "The service logged no error." : string.Join("\n", Lines.Take(3));
}
