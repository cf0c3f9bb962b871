using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Bot.Channels.Limits;

/// <summary>
/// Slows floods: each youth, each address by the youths who come from it (not by their words: a school shares one), and all together. What is
/// refused is not taken, and the sender is told so and may send it again. Whatever the danger screen sees anything in is always taken, so
/// refusing means screening first; taking costs a few additions. Who lately sent abuse or advertisements, as their turns were taken, is slowed
/// for a while: the youth, never the address.
/// </summary>
public sealed class TurnLimits : IHearsTurns
{
    private const int MostYouths = 200_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly IDbContextFactory<RoutingDb> _databases;
    private readonly SorterInUse _triage;
    private readonly TimeProvider _time;
    private readonly LimitOptions _limits;
    private readonly Allowance _youth, _address, _all, _told = new(1, TimeSpan.FromMinutes(1));
    private readonly ConcurrentDictionary<(string Channel, string Conversation), Met> _youths = [];
    private readonly ConcurrentDictionary<string, Met> _addresses = [];
    private readonly IPNetwork[] _proxies;
    private long _everybody;
    private long _swept;

    public TurnLimits(IOptions<LimitOptions> options, IDbContextFactory<RoutingDb> databases, SorterInUse triage, TimeProvider time)
    {
        LimitOptions limits = _limits = options.Value;
        (_databases, _triage, _time) = (databases, triage, time);
        _proxies = [.. limits.Proxies.Select(IPNetwork.Parse)];
        _youth = new(limits.YouthBurst, TimeSpan.FromMinutes(1) / limits.YouthPerMinute);
        _address = new(limits.AddressBurst, TimeSpan.FromHours(1) / limits.AddressPerHour);
        _all = new(2 * limits.AllPerSecond, TimeSpan.FromSeconds(1) / limits.AllPerSecond);
    }

    /// <summary>Whether a youth may come from this address; known ones always may.</summary>
    /// <param name="address">None where the caller is a channel's server, which speaks for everybody.</param>
    public bool Meet(string channel, string conversation, string? address) => TryMeet(channel, conversation, address, _time.GetUtcNow(), out _) is not null;

    /// <summary>Judges words before they are taken.</summary>
    /// <returns>None if they are to be taken; otherwise how long to wait, and whether to say so now: of a flood once a minute, of being slowed once.</returns>
    public async ValueTask<Refused?> Judge(IncomingWords words, string? address, CancellationToken cancel)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Met? met = TryMeet(words.Channel, words.ConversationId, address, now, out TimeSpan wait);
        Conduct? conduct = met?.Conduct;
        TimeSpan slowed = conduct?.Take(now) ?? TimeSpan.Zero;
        if (met is not null && slowed == TimeSpan.Zero)
            wait = _youth.Take(ref met.Whole, now) is { Ticks: > 0 } own ? own : _all.Take(ref _everybody, now);
        if ((wait == TimeSpan.Zero && slowed == TimeSpan.Zero) || await IsDanger(words, cancel))
            return null;
        if (slowed > TimeSpan.Zero)
            return new(slowed, conduct!.TryTell(), _limits.SlowedEveryMinutes);
        return new(wait, met is not null && _told.Take(ref met.ToldWhole, now) == TimeSpan.Zero);
    }

    /// <summary>Learns from a turn what its words were taken for.</summary>
    public void Heard(IncomingWords words, TurnTaken taken)
    {
        if (!taken.WasAbuse)
            return;
        DateTimeOffset now = _time.GetUtcNow();
        _youths.GetOrAdd((words.Channel, words.ConversationId), _ => new()).Seen(now).ConductOf(_limits).Abused(now);
    }

    /// <summary>Where a caller really is: behind a proxy of ours, what the proxy says. IPv6 counts by its network, which one household or school has.</summary>
    public string AddressOf(HttpContext http)
    {
        IPAddress caller = http.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        if (IsOurProxy(caller) && http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim() is { Length: > 0 } said && IPAddress.TryParse(said, out IPAddress? behind))
            caller = behind;
        if (caller.IsIPv4MappedToIPv6)
            caller = caller.MapToIPv4();
        return caller.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(caller.GetAddressBytes().AsSpan(0, 8)) : caller.ToString();
    }

    private bool IsOurProxy(IPAddress caller) =>
        IPAddress.IsLoopback(caller) || (_proxies.Length > 0 && Array.Exists(_proxies, p => p.Contains(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)));

    private Met? TryMeet(string channel, string conversation, string? address, DateTimeOffset now, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (!_youths.TryGetValue((channel, conversation), out Met? met))
        {
            Sweep(now);
            if (address is not null && (wait = _address.Take(ref _addresses.GetOrAdd(address, _ => new()).Seen(now).Whole, now)) > TimeSpan.Zero)
                return null;
            met = _youths.GetOrAdd((channel, conversation), _ => new());
        }
        return met.Seen(now);
    }

    // With all that was said before, and what is recorded: a danger may come in pieces, and one known goes on.
    private async Task<bool> IsDanger(IncomingWords words, CancellationToken cancel)
    {
        if (words.Text.Length == 0)
            return false;
        KnownSoFar known;
        await using (RoutingDb db = await _databases.CreateDbContextAsync(cancel))
            known = await Arrivals.Recall(db, words);
        string text = words.Text.Length <= Turns.LongestText ? words.Text : words.Text[..Turns.LongestText];
        return _triage.Sort(text, new TriageContext(known.EarlierTexts, null, known.Open?.Risk ?? Risk.None)).Risk != Risk.None;
    }

    // Who was not heard of for an hour has a whole allowance again and need not be remembered, unless slowed for longer; under a flood, a
    // minute must do.
    private void Sweep(DateTimeOffset now)
    {
        bool crowded = _youths.Count >= MostYouths || _addresses.Count >= MostYouths;
        long swept = Interlocked.Read(ref _swept);
        if (now.UtcTicks - swept < (crowded ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMinute) || Interlocked.CompareExchange(ref _swept, now.UtcTicks, swept) != swept)
            return;
        long before = (now - (crowded ? TimeSpan.FromMinutes(1) : Remembered)).UtcTicks;
        foreach (var (key, met) in _youths)
            if (met.LastSeen < before && (crowded || met.Conduct?.IsSlowed(now) != true))
                _youths.TryRemove(key, out _);
        foreach (var (key, met) in _addresses)
            if (met.LastSeen < before && met.Whole < now.UtcTicks)
                _addresses.TryRemove(key, out _);
    }

    private sealed class Met
    {
        public long Whole, ToldWhole, LastSeen;
        private Conduct? _conduct;

        /// <summary>None for nearly everybody.</summary>
        public Conduct? Conduct => Volatile.Read(ref _conduct);

        public Conduct ConductOf(LimitOptions limits) => Conduct ?? Interlocked.CompareExchange(ref _conduct, new(limits), null) ?? Conduct!;

        public Met Seen(DateTimeOffset now)
        {
            Volatile.Write(ref LastSeen, now.UtcTicks);
            return this;
        }
    }
}
