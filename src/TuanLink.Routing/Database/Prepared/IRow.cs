namespace TuanLink.Routing.Database.Prepared;

/// <summary>One row of a result, its columns counted from 0.</summary>
public interface IRow
{
    bool IsNull(int column);
    long Number(int column);
    double Real(int column);
    bool Flag(int column);
    string Text(int column);
}

/// <summary>A value given to a statement: a number, words or nothing. Moments are UTC ticks, as in every column (see RoutingDb).</summary>
public readonly record struct SqlValue
{
    private SqlValue(long? number, string? text) => (Number, Text) = (number, text);

    public long? Number { get; }
    public string? Text { get; }

    public static implicit operator SqlValue(long number) => new(number, null);
    public static implicit operator SqlValue(long? number) => new(number, null);
    public static implicit operator SqlValue(string? text) => new(null, text);
    public static implicit operator SqlValue(DateTimeOffset moment) => new(moment.UtcTicks, null);
}
