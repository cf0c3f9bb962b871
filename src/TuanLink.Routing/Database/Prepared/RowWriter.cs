using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>Saves what a context has changed by statements prepared once, where the shape of the rows allows it.</summary>
internal static class RowWriter
{
    private static readonly ConcurrentDictionary<(RowShape Shape, ulong Changed), string> Updates = new();

    /// <summary>Writes the additions and changes.</summary>
    /// <returns>None if something among them is EF Core's business: then nothing was written.</returns>
    /// <exception cref="DbUpdateConcurrencyException">A row was changed or deleted by another writer meanwhile.</exception>
    public static int? TrySave(RoutingDb db, SqliteLane lane)
    {
        var changed = new List<EntityEntry>();
        foreach (EntityEntry entry in db.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached)
                continue;
            if (entry.State == EntityState.Deleted || !RowShape.Of(entry.Metadata).IsPlain)
                return null;
            changed.Add(entry);
        }
        foreach (EntityEntry entry in changed)
            if (entry.State == EntityState.Added)
                Insert(RowShape.Of(entry.Metadata), entry.Entity, lane);
            else
                Update(entry, lane);
        db.ChangeTracker.AcceptAllChanges();
        return changed.Count;
    }

    public static void Insert(RowShape shape, object row, SqliteLane lane)
    {
        SqliteStatement statement = lane.Statement(shape.Insert);
        for (int i = 0; i < shape.Columns.Count; i++)
            shape.Columns[i].Bind(row, statement, i + 1);
        statement.Execute();
    }

    private static void Update(EntityEntry entry, SqliteLane lane)
    {
        RowShape shape = RowShape.Of(entry.Metadata);
        ulong changed = 0;
        for (int i = 0; i < shape.Columns.Count; i++)
            if (entry.Property(shape.Columns[i].Property).IsModified)
                changed |= 1UL << i;
        SqliteStatement statement = lane.Statement(Updates.GetOrAdd((shape, changed), static of => Sql(of.Shape, of.Changed)));
        int place = 0;
        for (int i = 0; i < shape.Columns.Count; i++)
            if ((changed & 1UL << i) != 0)
                shape.Columns[i].Bind(entry.Entity, statement, ++place);
        shape.Key.Bind(entry.Entity, statement, ++place);
        if (shape.Version is { } version)
            statement.Bind(++place, Convert.ToInt64(entry.Property(version.Property).OriginalValue, System.Globalization.CultureInfo.InvariantCulture));
        if (statement.Execute() == 0)
            throw new DbUpdateConcurrencyException($"A row of {shape.Table} was changed by another writer.");
    }

    private static string Sql(RowShape shape, ulong changed)
    {
        var sql = new StringBuilder($"UPDATE {shape.Table} SET ");
        int place = 0;
        for (int i = 0; i < shape.Columns.Count; i++)
            if ((changed & 1UL << i) != 0)
                sql.Append(place > 0 ? ", " : "").Append(shape.Columns[i].Name).Append(" = $").Append(++place);
        sql.Append(" WHERE ").Append(shape.Key.Name).Append(" = $").Append(++place);
        if (shape.Version is { } version)
            sql.Append(" AND ").Append(version.Name).Append(" = $").Append(++place);
        return sql.ToString();
    }
}
