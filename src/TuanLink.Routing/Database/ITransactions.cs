namespace TuanLink.Routing.Database;

/// <summary>
/// The one way to write. <see cref="Run{T}"/> returns only when what the work did is on disk.
/// Two real engines stand behind it: SQLite (one writer, many works a commit) and PostgreSQL (a transaction each).
/// </summary>
public interface ITransactions
{
    /// <summary>Runs the work in one transaction and returns its result once committed.</summary>
    /// <param name="work">Reads and changes through the given context; it may run more than once and must do nothing that a rollback cannot undo.</param>
    /// <param name="cancel">Stops waiting for a place; work that began is finished.</param>
    /// <exception cref="Exception">Whatever the work threw; then nothing of it was kept.</exception>
    Task<T> Run<T>(Func<RoutingDb, CancellationToken, Task<T>> work, CancellationToken cancel);
}

public static class TransactionsExtensions
{
    /// <summary>Runs work that has no result.</summary>
    public static Task Run(this ITransactions transactions, Func<RoutingDb, CancellationToken, Task> work, CancellationToken cancel) =>
        transactions.Run(async (db, inner) =>
        {
            await work(db, inner);
            return true;
        }, cancel);
}
