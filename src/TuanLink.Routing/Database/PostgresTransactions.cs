using Microsoft.EntityFrameworkCore;
using Npgsql;
using TuanLink.Routing.Outbox;

namespace TuanLink.Routing.Database;

/// <summary>PostgreSQL's transactions: one each, run anew when another writer won (serialization, deadlock, a lost concurrency token, a key taken).</summary>
public sealed class PostgresTransactions(IDbContextFactory<RoutingDb> databases, OutboxSignal signal) : ITransactions
{
    private const int MostTries = 5;

    public async Task<T> Run<T>(Func<RoutingDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await Once(work, cancel);
            }
            catch (Exception failure) when (attempt < MostTries && AnotherWriterWon(failure))
            {
                // What the other wrote is there now: the next run of the work sees it.
            }
        }
    }

    private async Task<T> Once<T>(Func<RoutingDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        // A pooled context remembers what an earlier, failed transaction left.
        db.Loads = null;
        db.Finish();
        // A failure rolls all back, so no save needs a savepoint of its own.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        T result = await work(db, cancel);
        await db.SaveChangesAsync(cancel);
        if (db.WrittenLast is { } last)
            await last.Write(db);
        await transaction.CommitAsync(CancellationToken.None);
        List<OwedWords> owed = db.Finish();
        if (owed.Count > 0)
            signal.Publish(owed);
        return result;
    }

    private static bool AnotherWriterWon(Exception failure) => failure switch
    {
        DbUpdateConcurrencyException => true,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
        { InnerException: { } inner } => AnotherWriterWon(inner),
        _ => false,
    };
}
