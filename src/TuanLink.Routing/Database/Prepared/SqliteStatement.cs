using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>A statement prepared once and run many times on the writer's connection. Not for two threads at once: the writer is one.</summary>
internal sealed class SqliteStatement : IRow, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The statement cannot be prepared.</exception>
    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>Gives the parameter its value; parameters are counted from 1 in the order of their first use.</summary>
    public void Bind(int place, long value) => Check(raw.sqlite3_bind_int64(_statement, place, value));

    public void Bind(int place, double value) => Check(raw.sqlite3_bind_double(_statement, place, value));

    public void Bind(int place, byte[] value) => Check(raw.sqlite3_bind_blob(_statement, place, value));

    public void BindNothing(int place) => Check(raw.sqlite3_bind_null(_statement, place));

    public void Bind(int place, string? value)
    {
        if (value is null)
        {
            BindNothing(place);
            return;
        }
        if (value.Length == 0)
        {
            // An empty span has no address, which SQLite takes for NULL.
            Check(raw.sqlite3_bind_text(_statement, place, ""));
            return;
        }
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = most <= 1024 ? null : ArrayPool<byte>.Shared.Rent(most);
        Span<byte> bytes = rented ?? stackalloc byte[1024];
        int length = Encoding.UTF8.GetBytes(value, bytes);
        Check(raw.sqlite3_bind_text(_statement, place, bytes[..length]));
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    public void Bind(ReadOnlySpan<SqlValue> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (values[i].Number is { } number)
                Bind(i + 1, number);
            else
                Bind(i + 1, values[i].Text);
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False after the last one; then the statement is ready to be run again.</returns>
    /// <exception cref="SqliteException">A constraint, a full disk, a broken file: the statement did nothing.</exception>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        Exception? failure = result == raw.SQLITE_DONE ? null : Failure(result);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Leaves the rows not read yet.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>Runs a statement that has no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute()
    {
        while (Step())
        {
        }
        return raw.sqlite3_changes(_database);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);
    public double Real(int column) => raw.sqlite3_column_double(_statement, column);
    public bool Flag(int column) => raw.sqlite3_column_int64(_statement, column) != 0;
    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    private SqliteException Failure(int result) =>
        new($"SQLite Error {result}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.", result, raw.sqlite3_extended_errcode(_database));
}
