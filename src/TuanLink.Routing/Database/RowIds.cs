using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.ValueGeneration;
using Npgsql;

namespace TuanLink.Routing.Database;

/// <summary>
/// Gives a row its id when it is added, before it is saved, so that rows which name each other are written in one go. SQLite has one
/// writer: a counter a table. PostgreSQL may have many: blocks of one sequence. Ids only grow within a process; none is given twice.
/// </summary>
public sealed class RowIds
{
    /// <summary>How many ids a process takes from PostgreSQL's sequence at once.</summary>
    internal const int Block = 1000;

    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);
    private readonly Counter _block = new();

    internal long Next(RoutingDb db, string table) => db.Database.IsNpgsql() ? NextOfBlock(db) : NextOfTable(db, table);

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

    private long NextOfBlock(RoutingDb db)
    {
        lock (_block)
        {
            if (_block.Next == _block.End)
            {
                // A connection of its own: the block stays taken when the caller's transaction is rolled back.
                using var connection = new NpgsqlConnection(db.Database.GetConnectionString());
                _block.Next = Scalar(connection, null, "SELECT nextval('row_ids')");
                _block.End = _block.Next + Block;
            }
            return _block.Next++;
        }
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
        public long End;
    }
}

/// <summary>Lets EF Core ask <see cref="RowIds"/> for the id of an added row.</summary>
internal sealed class RowIdGenerator(string table) : ValueGenerator<long>
{
    public override bool GeneratesTemporaryValues => false;
    public override long Next(EntityEntry entry) => ((RoutingDb)entry.Context).NextId(table);
}
