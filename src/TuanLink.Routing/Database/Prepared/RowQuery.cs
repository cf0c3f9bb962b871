using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>Finds one entity by a prepared statement and tracks it like any other, so that its changes are saved.</summary>
/// <param name="condition">What follows WHERE, with $1, $2, …; may end in ORDER BY.</param>
/// <param name="locks">On PostgreSQL, <see cref="First"/> waits until no other transaction changes the row, and keeps it until this one ends.</param>
public sealed class RowQuery<T>(string condition, bool locks = false) where T : class
{
    private volatile Prepared? _prepared;

    /// <returns>None if no row fits.</returns>
    public async ValueTask<T?> First(RoutingDb db, params SqlValue[] values)
    {
        Prepared prepared = _prepared ??= Prepare(db);
        T? found = await (locks && db.IsPostgres ? prepared.Locking : prepared.Sql).First(db, prepared.Read, null, values);
        if (found is null)
            return null;
        // The one object of this row that the transaction already changes stays the one.
        foreach (EntityEntry<T> known in db.ChangeTracker.Entries<T>())
            if (Equals(prepared.Key.GetGetter().GetClrValue(known.Entity), prepared.Key.GetGetter().GetClrValue(found)))
                return known.Entity;
        // By its entry: Attach would walk relations, and these rows have none.
        db.Entry(found).State = EntityState.Unchanged;
        return found;
    }

    /// <summary>Finds one entity only to read it: what is changed in it is not saved.</summary>
    public ValueTask<T?> Peek(RoutingDb db, params SqlValue[] values)
    {
        Prepared prepared = _prepared ??= Prepare(db);
        return prepared.Sql.First(db, prepared.Read, null, values);
    }

    private Prepared Prepare(RoutingDb db)
    {
        IEntityType entity = db.Model.FindEntityType(typeof(T))!;
        RowShape shape = RowShape.Of(entity);
        string select = $"SELECT {shape.ColumnNames} FROM {shape.Table} WHERE {condition} LIMIT 1";
        return new(new PreparedSql(select), new PreparedSql(select + " FOR UPDATE"), RowShape.Reader<T>(shape), shape.Key.Property);
    }

    private sealed record Prepared(PreparedSql Sql, PreparedSql Locking, Func<IRow, T> Read, IProperty Key);
}
