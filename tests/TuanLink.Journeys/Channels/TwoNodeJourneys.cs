using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Tests.Database;

namespace TuanLink.Journeys.Channels;

/// <summary>WeChat's retries reach whichever node is free; the two share nothing but a PostgreSQL database.</summary>
public sealed class TwoNodeJourneys
{
    [Fact]
    public async Task A_callback_told_to_both_nodes_at_once_is_one_message_with_one_answer_and_a_poster_of_one_is_known_to_the_other()
    {
        await using WeChatPeer peer = await WeChatPeer.Start();
        string database = await PostgresServer.NewDatabaseAsync();
        var settings = new Dictionary<string, string?>(peer.Settings()) { ["Database:Engine"] = "Postgres", ["Database:ConnectionString"] = database };
        await using ChannelService a = await ChannelService.Start(settings);
        await using ChannelService b = await ChannelService.Start(settings, a.Clock);
        string id = peer.Next();
        (int Status, string Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => WeChatPeer.Post(i % 2 == 0 ? a : b, WeChatPeer.Text("o1", id, "厂里三个月没发工资了，找谁都没用"))));
        string said = Assert.Single(answers.Select(x => WeChatPeer.Words(x.Body, "o1")).Distinct());
        Assert.Contains("QS-", said, StringComparison.Ordinal);
        Assert.Equal((1, 1), (await a.See(db => db.Messages.CountAsync()), await a.See(db => db.Inquiries.CountAsync())));

        CodeOf cadre = CodeOf.Cadre(await a.See(db => db.Cadres.MinAsync(c => c.Id)));
        Assert.Equal(cadre, await b.Get<ContactCodes>().Read(await a.Get<ContactCodes>().Of(cadre, default), default));
        Assert.Empty(peer.Sent);
    }
}
