using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Benchmarks;

/// <summary>What stands in TuanLink's SQLite file. The file's and the columns' names are known here alone.</summary>
internal sealed class StoredMessages(string dataFolder)
{
    private const string FileName = "tuanlink.db";

    private const string CountByActivity =
        """
        SELECT activity_id, COUNT(*)
        FROM messages
        WHERE activity_id LIKE @run || '-%'
        GROUP BY activity_id
        """;

    /// <summary>How often each message of a run was stored, by activity id.</summary>
    public Dictionary<string, int> Count(string run)
    {
        // The assembly that owns the database prepares SQLite when it is loaded.
        RuntimeHelpers.RunModuleConstructor(typeof(InquiryStatus).Module.ModuleHandle);

        var file = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataFolder, FileName),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        using var connection = new SqliteConnection(file.ConnectionString);
        connection.Open();
        using var query = connection.CreateCommand();
        query.CommandText = CountByActivity;
        query.Parameters.AddWithValue("@run", run);
        using var rows = query.ExecuteReader();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (rows.Read())
            counts.Add(rows.GetString(0), rows.GetInt32(1));
        return counts;
    }
}
