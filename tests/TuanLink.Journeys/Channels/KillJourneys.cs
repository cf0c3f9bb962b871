using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Outbox;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys.Channels;

/// <summary>
/// kill -9 in the middle of delivering to a slow channel: after the next start every word arrives, in order, and what the channel had
/// taken is not sent again, except what was on its way in that very moment, and that under the same id.
/// </summary>
public sealed class KillJourneys : IAsyncLifetime
{
    private static readonly string[] Talk = ["宿舍的热水器坏了一星期没人修", "补充一下，在三号楼二层", "进度", "找人工", "帮助", "进度"];
    private static readonly string[] Conversations = [.. Enumerable.Range(1, 6).Select(i => $"c{i}")];

    private string _folder = "";
    private FaultyConnector _connector = null!;
    private ServiceProcess _service = null!;

    public async Task InitializeAsync()
    {
        _folder = await Template.Copy();
        _connector = await FaultyConnector.Start(Enumerable.Repeat(Fault.Slow, 24));
        _service = await ServiceProcess.Start(_folder);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _connector.DisposeAsync();
    }

    [Fact]
    public async Task Killed_while_it_delivers_it_goes_on_where_it_was_and_every_word_arrives_once_and_in_order()
    {
        await EverybodyTalks();
        await Until(() => Task.FromResult(_connector.Taken.Count >= 12));
        await _service.Kill();
        string[] before = Ids();
        Assert.True(before.Length < await ServiceProcess.See(_folder, db => db.Outbox.CountAsync()), "It was killed too late: everything had arrived.");
        await TheRestArrives(before);
    }

    [Fact]
    public async Task Killed_while_no_note_could_be_written_it_still_knows_what_the_channel_took()
    {
        await EverybodyTalks();
        // Somebody else holds the database, as an import does: nothing can be noted.
        await ServiceProcess.See(_folder, async db =>
        {
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("BEGIN IMMEDIATE");
            int from = _connector.Taken.Count;
            await Until(() => Task.FromResult(_connector.Taken.Count >= from + 12));
            await _service.Kill();
            await db.Database.ExecuteSqlRawAsync("ROLLBACK");
            return 0;
        });
        string[] before = Ids();
        Assert.True(await ServiceProcess.See(_folder, db => db.Outbox.CountAsync(o => o.State == Delivery.Queued)) >= 12, "The notes were written after all.");
        await TheRestArrives(before);
    }

    private async Task EverybodyTalks()
    {
        foreach ((string text, int i) in Talk.Select((text, i) => (text, i)))
            await Task.WhenAll(Conversations.Select(c => _service.Say(_connector.Url, c, $"{i}", text)));
    }

    /// <param name="before">What the channel had taken by the kill, in order.</param>
    private async Task TheRestArrives(string[] before)
    {
        Dictionary<string, string[]> owed = await ServiceProcess.See(_folder, async db => (await db.Outbox.Join(db.Conversations, o => o.ConversationId, c => c.Id, (o, c) => new { c.ChannelConversationId, o.Id }).OrderBy(x => x.Id).ToListAsync())
            .GroupBy(x => x.ChannelConversationId).ToDictionary(g => g.Key, g => g.Select(x => $"tl-{x.Id}").ToArray()));
        await _service.DisposeAsync();
        _service = await ServiceProcess.Start(_folder);
        await Until(() => ServiceProcess.See(_folder, db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)));

        string[] taken = Ids();
        // The last word of a conversation may have been taken in the moment of the kill, when nobody had read the channel's answer yet.
        HashSet<string> onTheirWay = [.. Conversations.Select(c => owed[c].LastOrDefault(before.Contains)).OfType<string>()];
        Assert.Equal([], taken.CountBy(id => id).Where(id => id.Value > 1 && !onTheirWay.Contains(id.Key)));
        Assert.All(Conversations, conversation =>
        {
            Assert.True(owed[conversation].Length >= Talk.Length);
            Assert.Equal(owed[conversation], _connector.Taken.Where(t => t.Conversation == conversation).Select(t => t.Id).Distinct());
        });
    }

    private string[] Ids() => [.. _connector.Taken.Select(t => t.Id)];
}
