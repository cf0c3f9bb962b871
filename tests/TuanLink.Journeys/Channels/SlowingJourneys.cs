using System.Net;
using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Channels;

/// <summary>Who sends advertisements again and again is slowed: that youth, for a while, and never in danger.</summary>
public sealed class SlowingJourneys
{
    private const string Ad = "加我微信领兼职，日结三百", Slowed = "每 5 分钟收一条";
    private static readonly DateTimeOffset Now = FakeClock.Morning;

    [Fact]
    public async Task An_advertiser_is_slowed_and_told_once_others_at_the_address_are_not_and_danger_is_heard_at_once()
    {
        await using ChannelService service = await ChannelService.Start([]);
        DirectLine advertiser = await DirectLine.Begin(service, "10.9.0.1"), neighbour = await DirectLine.Begin(service, "10.9.0.1");
        for (int i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await advertiser.Say(Ad)).StatusCode);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage refused = await advertiser.Say("宿舍热水器坏了一星期没人修");
            Assert.Equal((HttpStatusCode.TooManyRequests, 300), (refused.StatusCode, (int)refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        }
        Assert.Equal(3, await service.See(db => db.Messages.CountAsync()));
        Assert.Single(await advertiser.Hear(), t => t.Contains(Slowed, StringComparison.Ordinal));
        for (int i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await neighbour.Say($"学校食堂的饭卡充值不到账，第{i}次说")).StatusCode);

        for (int i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await advertiser.Say("我不想活了，今晚就走")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await advertiser.Say("在三号楼楼顶")).StatusCode);
        Assert.Equal(1, await service.See(db => db.Inquiries.CountAsync(i => i.Risk == Risk.Crisis)));
    }

    [Fact]
    public async Task A_slowed_youth_is_heard_every_five_minutes_and_as_everybody_after_an_hour()
    {
        await using TestService service = await TestService.Start();
        int said = 0;
        // Two in an hour slow nobody, nor does what is no advertisement.
        Assert.Equal((200, 200), (await Say(Ad), await Say(Ad)));
        service.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal((200, 200), (await Say(Ad), await Say(Ad)));
        for (int i = 0; i < 3; i++)
            Assert.Equal(200, await Say($"选课系统一直登不上，第{i}次说"));
        Assert.Equal((200, 429), (await Say(Ad), await Say("还有一点要补充")));
        for (int i = 0; i < 3; i++)
        {
            service.Clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal((200, 429), (await Say($"选课系统还是登不上，又试了{i}次"), await Say("还有一点要补充")));
        }
        service.Clock.Advance(TimeSpan.FromMinutes(45));
        for (int i = 0; i < 5; i++)
            Assert.Equal(200, await Say($"选课系统还是打不开，又试了{i}次"));
        // Everything that is owed has arrived by then.
        await service.Wait(TimeSpan.Zero);
        List<string> heard = await service.Heard("c1", 1);
        Assert.Single(heard, t => t.Contains(Slowed, StringComparison.Ordinal));

        async Task<int> Say(string text)
        {
            using HttpResponseMessage answer = await service.Post("c1", $"{++said}", text);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task WeChat_says_each_time_that_the_words_were_not_taken()
    {
        await using WeChatPeer peer = await WeChatPeer.Start();
        await using ChannelService service = await ChannelService.Start(new(peer.Settings()) { ["Limits:AbuseMessages"] = "1", ["Limits:SlowedEveryMinutes"] = "7" });
        await WeChatPeer.Post(service, WeChatPeer.Text("o1", peer.Next(), Ad));
        // Told again, as WeChat does when it hears nothing: a repeat is no second advertisement, and is not taken.
        for (int i = 0; i < 2; i++)
            Assert.Contains("每 7 分钟收一条", WeChatPeer.Words((await WeChatPeer.Post(service, WeChatPeer.Text("o1", peer.Next(), "想问一下入团申请书怎么写"))).Body, "o1"), StringComparison.Ordinal);
        Assert.Contains("QS-", WeChatPeer.Words((await WeChatPeer.Post(service, WeChatPeer.Text("o2", peer.Next(), "想问一下入团申请书怎么写"))).Body, "o2"), StringComparison.Ordinal);
    }

    [Fact]
    public void So_many_within_the_time_slow_one_more_prolongs_and_time_forgets()
    {
        var conduct = new Conduct(new LimitOptions { AbuseMessages = 2, AbuseMinutes = 10, SlowedEveryMinutes = 5, SlowedMinutes = 20 });
        Assert.Equal(TimeSpan.Zero, conduct.Take(Now));
        conduct.Abused(Now);
        conduct.Abused(Now.AddMinutes(11));
        Assert.False(conduct.IsSlowed(Now.AddMinutes(11)));
        conduct.Abused(Now.AddMinutes(20));
        Assert.Equal(TimeSpan.FromMinutes(5), conduct.Take(Now.AddMinutes(20)));
        Assert.Equal((true, false), (conduct.TryTell(), conduct.TryTell()));
        Assert.Equal(TimeSpan.Zero, conduct.Take(Now.AddMinutes(25)));
        Assert.Equal(TimeSpan.FromMinutes(1), conduct.Take(Now.AddMinutes(29)));
        // That one was an advertisement again: from now on, and nothing more is said.
        conduct.Abused(Now.AddMinutes(30));
        Assert.True(conduct.IsSlowed(Now.AddMinutes(49)));
        Assert.False(conduct.TryTell());
        // Nobody waits longer than they are slowed.
        Assert.Equal(TimeSpan.Zero, conduct.Take(Now.AddMinutes(48)));
        Assert.Equal(TimeSpan.FromMinutes(1), conduct.Take(Now.AddMinutes(49)));
        Assert.Equal(TimeSpan.Zero, conduct.Take(Now.AddMinutes(50)));
        Assert.Equal(TimeSpan.Zero, conduct.Take(Now.AddMinutes(50)));
        conduct.Abused(Now.AddMinutes(60));
        Assert.False(conduct.IsSlowed(Now.AddMinutes(60)));
        conduct.Abused(Now.AddMinutes(61));
        Assert.True(conduct.IsSlowed(Now.AddMinutes(61)) && conduct.TryTell());
    }
}
