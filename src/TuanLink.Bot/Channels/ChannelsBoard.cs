using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Admin;
using TuanLink.Bot.Channels.BotFramework;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Units;

namespace TuanLink.Bot.Channels;

/// <summary>What the channels page shows and does: figures from the database, tokens and circuits from this process, where it speaks to channels at all.</summary>
public sealed class ChannelsBoard(IDbContextFactory<RoutingDb> databases, IServiceProvider services, IOptions<ServiceOptions> service, IHostEnvironment environment, TimeProvider time) : IChannelsBoard
{
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    // A lasting code is the same each time; WeChat counts every call.
    private readonly ConcurrentDictionary<string, string> _weChatCodes = new(StringComparer.Ordinal);

    public Uri? ChatAddress => service.Value.PublicAddress.Length > 0 ? new Uri(service.Value.PublicAddress)
        : environment.IsDevelopment() ? new Uri($"http://localhost:{service.Value.BotPort}/") : null;

    public IReadOnlyList<FailingHost> Failing =>
        [.. (services.GetService<Circuits>()?.Failing ?? []).Select(c => new FailingHost(c.Host, c.Failures, c.OpenUntil))];

    public async Task<IReadOnlyList<ChannelLine>> Lines(CancellationToken cancel)
    {
        DateTimeOffset since = time.GetUtcNow() - Shown;
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        Dictionary<string, DateTimeOffset> heard = await db.Conversations.GroupBy(c => c.Channel)
            .Select(g => new { g.Key, Last = g.Max(c => c.LastInboundAt) }).ToDictionaryAsync(g => g.Key, g => g.Last, cancel);
        var counts = (await db.Outbox.Where(o => o.State == Delivery.Queued || ((o.State == Delivery.Sent || o.State == Delivery.Dead) && o.DueAt >= since))
            .Join(db.Conversations, o => o.ConversationId, c => c.Id, (o, c) => new { c.Channel, o.State, o.Attempts, o.SentAt })
            .GroupBy(x => new { x.Channel, x.State })
            .Select(g => new { g.Key.Channel, g.Key.State, Count = g.Count(), Tries = g.Sum(x => x.Attempts), Tried = g.Count(x => x.Attempts > 0), Last = g.Max(x => x.SentAt) })
            .ToListAsync(cancel)).ToLookup(x => x.Channel);
        return [.. heard.Keys.Union([DirectLineChannel.Id, WeChatMessage.Channel]).Where(c => c != DemoCity.Channel).Order(StringComparer.Ordinal).Select(channel =>
        {
            var sent = counts[channel].FirstOrDefault(x => x.State == Delivery.Sent);
            var waiting = counts[channel].FirstOrDefault(x => x.State == Delivery.Queued);
            var dead = counts[channel].FirstOrDefault(x => x.State == Delivery.Dead);
            return new ChannelLine(channel, NameOf(channel), IsOn(channel), heard.TryGetValue(channel, out DateTimeOffset last) ? last : null, sent?.Last,
                sent?.Count ?? 0, (sent?.Tries - sent?.Tried ?? 0) + (waiting?.Tries ?? 0) + (dead?.Tries ?? 0), waiting?.Count ?? 0, dead?.Count ?? 0, NeedsToken(channel), TokenOf(channel));
        })];
    }

    public async Task<string?> TrySignIn(string channel, CancellationToken cancel)
    {
        try
        {
            if (channel == WeChatMessage.Channel && services.GetService<WeChatApi>() is { Enabled: true } weChat)
                await weChat.TrySignIn(cancel);
            else if (channel != DirectLineChannel.Id && services.GetService<ConnectorCalls>() is { } connectors)
                await connectors.TrySignIn(cancel);
            return null;
        }
        catch (WeChatError error)
        {
            return $"微信不接受：错误码 {error.Code}。请核对 WeChat:AppId、WeChat:AppSecret 和 IP 白名单。";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e is HttpRequestException { StatusCode: { } status } ? $"渠道不接受：返回 {(int)status}。" : "连接不上渠道。";
        }
    }

    public async Task<string?> WeChatCode(string scene, CancellationToken cancel)
    {
        if (services.GetService<WeChatApi>() is not { Enabled: true } weChat)
            return null;
        if (_weChatCodes.TryGetValue(scene, out string? known))
            return known;
        try
        {
            return _weChatCodes[scene] = await weChat.LastingCode(scene, cancel);
        }
        catch (Exception e) when (e is WeChatError or HttpRequestException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsOn(string channel) => channel != WeChatMessage.Channel || services.GetService<WeChatApi>() is { Enabled: true };

    private bool NeedsToken(string channel) => channel switch
    {
        DirectLineChannel.Id => false,
        WeChatMessage.Channel => services.GetService<WeChatApi>() is { Enabled: true },
        _ => services.GetService<IOptions<BotFrameworkOptions>>()?.Value.HasApp == true,
    };

    private string TokenOf(string channel) => !NeedsToken(channel) ? "不需要"
        : Until(channel == WeChatMessage.Channel ? services.GetService<WeChatApi>()?.TokenUntil : services.GetService<ConnectorCalls>()?.TokenUntil);

    private static string Until(DateTimeOffset? until) => until is { } moment ? $"有效至 {ChinaTime.Of(moment):M月d日 HH:mm}" : "尚未取得";

    private static string NameOf(string channel) => channel switch
    {
        DirectLineChannel.Id => "聊天页",
        WeChatMessage.Channel => "微信公众号",
        "emulator" => "本机调试",
        _ => "Bot Framework",
    };
}
