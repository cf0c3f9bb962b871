using System.Net;
using Microsoft.Extensions.Options;

namespace TuanLink.Bot.Channels.Limits;

/// <summary>How much is taken from whom (section "Limits"). Words in which the danger screen sees anything are always taken.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Messages a youth may send at once.</summary>
    public int YouthBurst { get; set; } = 30;

    /// <summary>Messages a youth may send each minute after that.</summary>
    public int YouthPerMinute { get; set; } = 20;

    /// <summary>Youths that may come from one address at once: a school or a dormitory stands behind one.</summary>
    public int AddressBurst { get; set; } = 2000;

    /// <summary>Youths that may come from one address each hour after that.</summary>
    public int AddressPerHour { get; set; } = 2000;

    /// <summary>Networks whose X-Forwarded-For is believed, besides this machine; without its proxy here, the whole world is one address.</summary>
    public List<string> Proxies { get; set; } = [];

    /// <summary>Messages taken for abuse or advertisement within <see cref="AbuseMinutes"/> that slow a youth.</summary>
    public int AbuseMessages { get; set; } = 3;

    /// <summary>In minutes; no longer than a youth is remembered, an hour.</summary>
    public int AbuseMinutes { get; set; } = 60;

    /// <summary>Minutes between two messages of a youth who is slowed.</summary>
    public int SlowedEveryMinutes { get; set; } = 5;

    /// <summary>Minutes for which a youth is slowed, from the last such message on.</summary>
    public int SlowedMinutes { get; set; } = 60;

    /// <summary>Messages taken from everybody together each second; twice as many at once.</summary>
    public int AllPerSecond { get; set; } = 20_000;
}

internal sealed class LimitOptionsRule : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        foreach ((string key, int value) in new[]
        {
            (nameof(options.YouthBurst), options.YouthBurst), (nameof(options.YouthPerMinute), options.YouthPerMinute), (nameof(options.AddressBurst), options.AddressBurst),
            (nameof(options.AddressPerHour), options.AddressPerHour), (nameof(options.AllPerSecond), options.AllPerSecond),
        })
            if (value < 1)
                return ValidateOptionsResult.Fail($"Limits:{key} is '{value}'; it must be at least 1.");
        foreach ((string key, int value, int most) in new[]
        {
            (nameof(options.AbuseMessages), options.AbuseMessages, 100), (nameof(options.AbuseMinutes), options.AbuseMinutes, 60),
            (nameof(options.SlowedEveryMinutes), options.SlowedEveryMinutes, 60), (nameof(options.SlowedMinutes), options.SlowedMinutes, 1440),
        })
            if (value < 1 || value > most)
                return ValidateOptionsResult.Fail($"Limits:{key} is '{value}'; it must be 1 to {most}.");
        return options.Proxies.FirstOrDefault(p => !IPNetwork.TryParse(p, out _)) is { } odd
            ? ValidateOptionsResult.Fail($"Limits:Proxies has '{odd}'; each must be a network such as 10.0.0.0/24.")
            : ValidateOptionsResult.Success;
    }
}
