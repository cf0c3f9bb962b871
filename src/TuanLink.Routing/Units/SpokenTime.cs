namespace TuanLink.Routing.Units;

/// <summary>A moment as one says it to a person.</summary>
public static class SpokenTime
{
    /// <summary>"今天 18:30 前", "明天 09:00 前" or "12月3日 09:00 前".</summary>
    public static string Until(DateTimeOffset moment, DateTimeOffset now)
    {
        DateTimeOffset there = ChinaTime.Of(moment);
        return (ChinaTime.DateOf(moment).DayNumber - ChinaTime.DateOf(now).DayNumber) switch
        {
            0 => $"今天 {there:HH:mm} 前",
            1 => $"明天 {there:HH:mm} 前",
            _ => $"{there.Month}月{there.Day}日 {there:HH:mm} 前",
        };
    }
}
