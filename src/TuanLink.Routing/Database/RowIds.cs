using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace TuanLink.Routing.Database;

/// <summary>
/// Gives a row its id when it is added, before it is saved, so that rows which name each other are written in one go. SQLite has one
/// writer: a counter a table. PostgreSQL may have many: each transaction takes a few ids of one sequence when it first needs one. So ids
/// grow with time on every node, and within a conversation, which a turn locks first, in the order of what was said; none is given twice.
/// </summary>
public sealed class RowIds
{
    /// <summary>How many ids a transaction takes from PostgreSQL's sequence at once: a turn seldom adds more rows.</summary>
    internal const int Block = 16;

    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    internal long Next(RoutingDb db, string table) => db.IsPostgres ? NextOfBlock(db) : NextOfTable(db, table);

    /// <summary>Looks into the tables again, because somebody else (an import beside the running service) may have added rows.</summary>
    public void Forget() => _counters.Clear();

    private long NextOfTable(RoutingDb db, string table)
    {
        Counter counter = _counters.GetOrAdd(table, static _ => new Counter());
        lock (counter)
        {
            if (counter.Next == 0)
                counter.Next = Scalar(db.Database.GetDbConnection(), db.Database.CurrentTransaction is null ? null : db,
                    $"SELECT max(coalesce((SELECT max(id) FROM {table}), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0)) + 1");
            return counter.Next++;
        }
    }

    // A sequence does not go back when the transaction is rolled back.
    private static long NextOfBlock(RoutingDb db)
    {
        if (db.IdsLeft == 0)
        {
            db.NextFreeId = Scalar(db.Database.GetDbConnection(), db.Database.CurrentTransaction is null ? null : db, "SELECT nextval('row_ids')");
            db.IdsLeft = Block;
        }
        db.IdsLeft--;
        return db.NextFreeId++;
    }

    private static long Scalar(DbConnection connection, RoutingDb? within, string sql)
    {
        bool opened = connection.State != ConnectionState.Open;
        if (opened)
            connection.Open();
        try
        {
            using DbCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.Transaction = within?.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
            return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
        finally
        {
            if (opened)
                connection.Close();
        }
    }

    private sealed class Counter
    {
        public long Next;
    }
}

/// <summary>Lets EF Core ask <see cref="RowIds"/> for the id of an added row.</summary>
internal sealed class RowIdGenerator(string table) : ValueGenerator<long>
{
    public override bool GeneratesTemporaryValues => false;
    public override long Next(EntityEntry entry) => ((RoutingDb)entry.Context).NextId(table);
}
