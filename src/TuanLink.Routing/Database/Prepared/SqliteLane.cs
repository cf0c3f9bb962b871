using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>
/// The writer's own connection and the statements it has prepared. EF Core makes and prepares a command anew for each statement it runs,
/// which was most of a turn's time (docs/decisions/0009); here each is prepared once.
/// </summary>
internal sealed class SqliteLane(DbConnection connection) : IDisposable
{
    // By reflection: the compiler would ask for the SQLitePCLRaw the property's type names (docs/decisions/0002).
    private static readonly PropertyInfo Handle = typeof(SqliteConnection).GetProperty(nameof(Handle))!;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _database = (sqlite3)HandleOf(connection);

    /// <summary>SQLite's own handle of an open connection.</summary>
    public static object HandleOf(DbConnection connection) => Handle.GetValue(connection)!;

    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
            _statements[sql] = statement = new SqliteStatement(_database, sql);
        return statement;
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
