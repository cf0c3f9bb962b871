namespace TuanLink.Routing.Units;

/// <summary>The time people live by: Asia/Shanghai, which has had no summer time since 1991, so a fixed eight hours ahead of UTC.</summary>
public static class ChinaTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateTimeOffset Of(DateTimeOffset moment) => moment.ToOffset(Offset);

    public static DateOnly DateOf(DateTimeOffset moment) => DateOnly.FromDateTime(Of(moment).DateTime);

    /// <summary>The moment a day begins.</summary>
    public static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Offset);

    public static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), Offset);
}
