using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace TuanLink.Routing.Database.Prepared;

/// <summary>One column of a table and how an entity's property goes into a statement.</summary>
internal sealed record RowColumn(IProperty Property, string Name, Action<object, SqliteStatement, int> Bind);

/// <summary>How an entity lies in its table, read from EF Core's model, so that a column is described once: in the model.</summary>
internal sealed class RowShape
{
    private static readonly ConditionalWeakTable<IEntityType, RowShape> Known = [];

    private RowShape(IEntityType entity)
    {
        Table = entity.GetTableName()!;
        Columns = [.. entity.GetProperties().Select(p => new RowColumn(p, Quoted(p.GetColumnName()), Binder(p)))];
        Key = Columns.FirstOrDefault(c => c.Property.IsPrimaryKey())!;
        Version = Columns.FirstOrDefault(c => c.Property.IsConcurrencyToken);
        // One table, one type, no relations EF would have to order: what the rest needs is EF's business.
        IsPlain = entity.BaseType is null && !entity.GetDirectlyDerivedTypes().Any() && !entity.GetForeignKeys().Any() && !entity.GetReferencingForeignKeys().Any()
            && entity.FindPrimaryKey()?.Properties.Count == 1 && Columns.All(c => c.Property.PropertyInfo is not null) && Columns.Count <= 64;
        GiveId = Key.Property.ClrType == typeof(long) && Key.Property.PropertyInfo is { } id ? IdSetter(id) : static (_, _) => throw new InvalidOperationException("This row has no numbered id.");
        ColumnNames = string.Join(", ", Columns.Select(c => c.Name));
        Insert = $"INSERT INTO {Table} ({ColumnNames}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"${i + 1}"))})";
    }

    public string Table { get; }
    public IReadOnlyList<RowColumn> Columns { get; }
    public RowColumn Key { get; }
    public Action<object, long> GiveId { get; }
    public RowColumn? Version { get; }
    public bool IsPlain { get; }
    public string ColumnNames { get; }
    public string Insert { get; }

    public static RowShape Of(IEntityType entity) => Known.GetValue(entity, e => new RowShape(e));

    /// <summary>A reader of whole rows whose columns come in the order of <see cref="Columns"/>.</summary>
    public static Func<IRow, T> Reader<T>(RowShape shape)
    {
        ParameterExpression row = Expression.Parameter(typeof(IRow));
        IEnumerable<MemberBinding> bindings = shape.Columns.Select((column, i) =>
            (MemberBinding)Expression.Bind(column.Property.PropertyInfo!, Value(row, column.Property, i)));
        return Expression.Lambda<Func<IRow, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), row).Compile();
    }

    private static Expression Value(ParameterExpression row, IProperty property, int place)
    {
        Type type = property.ClrType;
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        ValueConverter? converter = property.GetTypeMapping().Converter;
        Type stored = converter?.ProviderClrType ?? bare;
        string method = stored == typeof(string) ? nameof(IRow.Text) : stored == typeof(double) ? nameof(IRow.Real) : stored == typeof(bool) ? nameof(IRow.Flag) : nameof(IRow.Number);
        Expression value = Expression.Call(row, method, null, Expression.Constant(place));
        if (value.Type != stored)
            value = Expression.Convert(value, stored);
        if (converter is not null)
            value = Expression.Invoke(converter.ConvertFromProviderExpression, value);
        if (value.Type != type)
            value = Expression.Convert(value, type);
        return property.IsNullable
            ? Expression.Condition(Expression.Call(row, nameof(IRow.IsNull), null, Expression.Constant(place)), Expression.Default(type), value)
            : value;
    }

    private static Action<object, SqliteStatement, int> Binder(IProperty property)
    {
        if (property.PropertyInfo is null)
            return (_, _, _) => throw new InvalidOperationException($"{property.Name} has no property to read.");
        ParameterExpression entity = Expression.Parameter(typeof(object));
        ParameterExpression statement = Expression.Parameter(typeof(SqliteStatement));
        ParameterExpression place = Expression.Parameter(typeof(int));
        Expression value = Expression.Property(Expression.Convert(entity, property.DeclaringType.ClrType), property.PropertyInfo);
        Expression nothing = Expression.Call(statement, nameof(SqliteStatement.BindNothing), null, place);
        Expression bind;
        if (Nullable.GetUnderlyingType(value.Type) is not null)
            bind = Expression.IfThenElse(Expression.Property(value, "HasValue"), Bound(Expression.Property(value, "Value")), nothing);
        else if (!value.Type.IsValueType)
            bind = Expression.IfThenElse(Expression.Equal(value, Expression.Constant(null, value.Type)), nothing, Bound(value));
        else
            bind = Bound(value);
        return Expression.Lambda<Action<object, SqliteStatement, int>>(bind, entity, statement, place).Compile();

        Expression Bound(Expression given)
        {
            if (property.GetTypeMapping().Converter is { } converter)
                given = Expression.Invoke(converter.ConvertToProviderExpression, given);
            if (given.Type == typeof(bool))
                given = Expression.Condition(given, Expression.Constant(1L), Expression.Constant(0L));
            Type bound = given.Type == typeof(string) || given.Type == typeof(double) || given.Type == typeof(byte[]) ? given.Type : typeof(long);
            MethodInfo method = typeof(SqliteStatement).GetMethod(nameof(SqliteStatement.Bind), [typeof(int), bound])!;
            return Expression.Call(statement, method, place, given.Type == bound ? given : Expression.Convert(given, bound));
        }
    }

    private static Action<object, long> IdSetter(PropertyInfo id)
    {
        ParameterExpression row = Expression.Parameter(typeof(object));
        ParameterExpression given = Expression.Parameter(typeof(long));
        return Expression.Lambda<Action<object, long>>(Expression.Assign(Expression.Property(Expression.Convert(row, id.DeclaringType!), id), given), row, given).Compile();
    }

    // Some columns bear words of SQL: "from", "until".
    private static string Quoted(string name) => $"\"{name}\"";
}
