using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Outbox;

namespace TuanLink.Routing.Database;

/// <summary>
/// SQLite's one writer: works wait in a queue, and all that wait share one commit, hence one fsync (docs/decisions/0005).
/// If one work of a batch fails, the batch is rolled back and each is run alone, so that a failure stays its owner's.
/// </summary>
public sealed class GroupCommit : ITransactions, IAsyncDisposable
{
    private const int MostInOneCommit = 256;
    private static readonly AsyncLocal<bool> Inside = new();

    private readonly IDbContextFactory<RoutingDb> _databases;
    private readonly OutboxSignal _signal;
    private readonly RowIds _ids;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;

    // The writer keeps its context and connection, and with them its prepared statements, from commit to commit.
    private RoutingDb? _db;

    public GroupCommit(IDbContextFactory<RoutingDb> databases, OutboxSignal signal, RowIds ids)
    {
        _databases = databases;
        _signal = signal;
        _ids = ids;
        _writer = Task.Run(Write);
    }

    public async Task<T> Run<T>(Func<RoutingDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        if (Inside.Value)
            throw new InvalidOperationException("A transaction was begun inside a transaction; hand the open one on instead.");
        cancel.ThrowIfCancellationRequested();
        var waiting = new Waiting<T>(work);
        if (!_queue.Writer.TryWrite(waiting))
            throw new InvalidOperationException("The service is stopping; nothing can be written any more.");
        return await waiting.Done;
    }

    private async Task Write()
    {
        Inside.Value = true;
        var batch = new List<Waiting>(MostInOneCommit);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostInOneCommit && _queue.Reader.TryRead(out Waiting? next))
                batch.Add(next);
            if (await TryCommit(batch, isLastTry: false))
                continue;
            foreach (Waiting alone in batch)
                await TryCommit([alone], isLastTry: true);
        }
        await Close();
    }

    /// <returns>False if the works must be tried again one by one; the last try always ends, in success or with the work's exception.</returns>
    private async Task<bool> TryCommit(List<Waiting> batch, bool isLastTry)
    {
        var owed = new List<OwedWords>();
        try
        {
            RoutingDb db = _db ??= await Open();
            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (Waiting waiting in batch)
            {
                await waiting.Work(db);
                await db.SaveChangesAsync();
                owed.AddRange(db.Finish());
            }
            await transaction.CommitAsync();
            db.Loads = null;
        }
        catch (Exception failure)
        {
            await Close();
            // An import beside the running service may have taken the ids that were next here.
            _ids.Forget();
            if (!isLastTry)
                return false;
            batch[0].Fail(failure);
            return true;
        }
        if (owed.Count > 0)
            _signal.Publish(owed);
        foreach (Waiting waiting in batch)
            waiting.Complete();
        return true;
    }

    private async Task<RoutingDb> Open()
    {
        RoutingDb db = await _databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        // The failure of one work rolls the whole batch back, so no work needs a savepoint of its own.
        db.Database.AutoSavepointsEnabled = false;
        // Every save looks for changes itself, once.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        // Enough that the pages a day's messages touch are not read again and again.
        await db.Database.ExecuteSqlRawAsync("PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;");
        db.Lane = new SqliteLane(db.Database.GetDbConnection());
        return db;
    }

    private async Task Close()
    {
        if (_db is not { } db)
            return;
        _db = null;
        db.Lane!.Dispose();
        (db.Lane, db.Loads) = (null, null);
        db.Finish();
        await db.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
    }

    private abstract class Waiting
    {
        public abstract Task Work(RoutingDb db);
        public abstract void Complete();
        public abstract void Fail(Exception failure);
    }

    private sealed class Waiting<T>(Func<RoutingDb, CancellationToken, Task<T>> work) : Waiting
    {
        // Continuations run elsewhere: the writer must not be borrowed by whoever waited.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;
        public override async Task Work(RoutingDb db) => _result = await work(db, CancellationToken.None);
        public override void Complete() => _done.TrySetResult(_result);
        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
