using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Outbox;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys.Channels;

/// <summary>Whatever a channel does to them, words arrive: each of them, in order, a repeat under the same id.</summary>
public sealed class FaultJourneys : IAsyncLifetime
{
    private static readonly string[] Talk = ["宿舍的热水器坏了一星期没人修", "补充一下，在三号楼二层", "进度", "找人工", "帮助", "进度"];
    private TestService _service = null!;
    private FaultyConnector? _connector;

    public async Task InitializeAsync() => _service = await TestService.Start();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        if (_connector is not null)
            await _connector.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refused_broken_cut_slow_and_down_in_any_order_nothing_is_lost_or_overtaken(int seed)
    {
        var chance = new Random(seed);
        Fault[] faults = [.. Enumerable.Range(0, 20).Select(_ => (Fault)chance.Next(6))];
        _connector = await FaultyConnector.Start(faults, retryAfter: 3);
        for (int i = 0; i < Talk.Length; i++)
        {
            if (i == 2)
                await _connector.Fall();
            for (int conversation = 1; conversation <= 3; conversation++)
                await Say($"c{conversation}", $"{i}", Talk[i]);
            if (i == 2)
            {
                // Connections are refused, and somebody notices.
                await Until(() => _service.See(db => db.Outbox.AnyAsync(o => o.LastError == "连接渠道失败")), ASecondPasses);
                await _connector.Rise();
            }
        }
        await Until(async () => await _service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)), ASecondPasses);
        await EverythingCameInOrder();
    }

    [Fact]
    public async Task A_busy_channel_is_left_alone_for_as_long_as_it_asks_and_not_for_ever()
    {
        _connector = await FaultyConnector.Start([Fault.Busy], retryAfter: 90);
        await Say("c1", "1", Talk[0]);
        await Until(() => _service.See(db => db.Outbox.AnyAsync(o => o.Attempts == 1)));
        DateTimeOffset due = await _service.See(db => db.Outbox.Select(o => o.DueAt).SingleAsync());
        Assert.Equal(TimeSpan.FromSeconds(90), due - _service.Now);
        _service.Clock.Advance(TimeSpan.FromSeconds(89));
        // A word to somebody else shows that deliveries go on while this one waits.
        await _service.Post("c2", "1", "帮助");
        await _service.Heard("c2", 1);
        Assert.Equal((1, 0), (_connector.Asked, _connector.Taken.Count));
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Until(() => Task.FromResult(_connector.Taken.Count == 1));

        await using FaultyConnector absurd = await FaultyConnector.Start([Fault.Busy], retryAfter: int.MaxValue);
        await Say("c3", "1", "帮助", absurd.Url);
        await Until(() => _service.See(db => db.Outbox.AnyAsync(o => o.Attempts == 1 && o.State == Delivery.Queued)));
        Assert.Equal(TimeSpan.FromHours(3), await _service.See(db => db.Outbox.Where(o => o.State == Delivery.Queued).Select(o => o.DueAt).SingleAsync()) - _service.Now);
    }

    [Fact]
    public async Task A_service_stopped_in_the_middle_of_delivering_goes_on_where_it_stopped()
    {
        _connector = await FaultyConnector.Start([Fault.None, Fault.Slow, Fault.CutAfter, Fault.Slow]);
        foreach ((string text, int i) in Talk.Select((text, i) => (text, i)))
            await Say("c1", $"{i}", text);
        await Until(() => Task.FromResult(!_connector.Taken.IsEmpty));
        _service = await _service.Restart();
        await Until(() => _service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)), ASecondPasses);
        await EverythingCameInOrder();
    }

    // In each conversation, once repeats are taken out, what came is what was owed; and nothing came before what it follows.
    private async Task EverythingCameInOrder()
    {
        Dictionary<string, List<string>> owed = (await _service.See(db => db.Outbox.Join(db.Conversations, o => o.ConversationId, c => c.Id, (o, c) => new { c.ChannelConversationId, o.Id }).OrderBy(x => x.Id).ToListAsync()))
            .GroupBy(x => x.ChannelConversationId).ToDictionary(g => g.Key, g => g.Select(x => $"tl-{x.Id}").ToList());
        Assert.All(owed, conversation =>
        {
            Assert.True(conversation.Value.Count >= Talk.Length);
            List<string> taken = [.. _connector!.Taken.Where(t => t.Conversation == conversation.Key).Select(t => t.Id)];
            Assert.Equal(conversation.Value, taken.Distinct());
            List<int> places = taken.ConvertAll(conversation.Value.IndexOf);
            Assert.Equal(places.Order(), places);
        });
        Assert.Empty(_service.Errors);
    }

    private async Task Say(string conversation, string id, string text, string? url = null) =>
        (await _service.Http.PostAsJsonAsync(new Uri(_service.Bot, "/api/messages"), new
        {
            type = "message", id, channelId = "emulator", serviceUrl = url ?? _connector!.Url, text,
            conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
        })).EnsureSuccessStatusCode();

    private void ASecondPasses() => _service.Clock.Advance(TimeSpan.FromSeconds(1));
}
