using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>
/// A statement of the hot path, the same text on both engines: parameters are $1, $2, … numbered in the order of their first use.
/// On the writer of SQLite it is prepared once; elsewhere it is an ordinary command.
/// </summary>
public sealed class PreparedSql(string sql)
{
    /// <summary>Runs a statement that changes rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public async ValueTask<int> Execute(RoutingDb db, params SqlValue[] values)
    {
        if (db.Lane is { } lane)
        {
            SqliteStatement statement = lane.Statement(sql);
            statement.Bind(values);
            return statement.Execute();
        }
        await using DbCommand command = await Command(db, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads all rows, each by the given reader.</summary>
    public async ValueTask<List<T>> Read<T>(RoutingDb db, Func<IRow, T> read, params SqlValue[] values)
    {
        var rows = new List<T>();
        if (db.Lane is { } lane)
        {
            SqliteStatement statement = lane.Statement(sql);
            statement.Bind(values);
            while (statement.Step())
                rows.Add(read(statement));
            return rows;
        }
        await using DbCommand command = await Command(db, values);
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        var row = new ReaderRow(reader);
        while (await reader.ReadAsync())
            rows.Add(read(row));
        return rows;
    }

    /// <summary>Reads the first row.</summary>
    /// <returns>The given value if there is no row.</returns>
    public async ValueTask<T> First<T>(RoutingDb db, Func<IRow, T> read, T otherwise, params SqlValue[] values)
    {
        if (db.Lane is { } lane)
        {
            SqliteStatement statement = lane.Statement(sql);
            statement.Bind(values);
            if (!statement.Step())
                return otherwise;
            try
            {
                return read(statement);
            }
            finally
            {
                statement.Reset();
            }
        }
        await using DbCommand command = await Command(db, values);
        await using DbDataReader reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
        return await reader.ReadAsync() ? read(new ReaderRow(reader)) : otherwise;
    }

    private async Task<DbCommand> Command(RoutingDb db, SqlValue[] values)
    {
        DbConnection connection = db.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
            await db.Database.OpenConnectionAsync();
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        bool named = !db.IsPostgres;
        for (int i = 0; i < values.Length; i++)
        {
            DbParameter parameter = command.CreateParameter();
            // Npgsql counts its parameters when they have no names; SQLite wants the names that stand in the text.
            if (named)
                parameter.ParameterName = "$" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            parameter.Value = (object?)values[i].Number ?? (object?)values[i].Text ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private sealed class ReaderRow(DbDataReader reader) : IRow
    {
        public bool IsNull(int column) => reader.IsDBNull(column);
        public long Number(int column) => reader.GetInt64(column);
        public double Real(int column) => reader.GetDouble(column);
        public bool Flag(int column) => reader.GetBoolean(column);
        public string Text(int column) => reader.GetString(column);
    }
}
