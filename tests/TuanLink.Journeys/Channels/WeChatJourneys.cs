using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;

namespace TuanLink.Journeys.Channels;

public sealed class WeChatJourneys : BesideWeChat
{
    [Fact]
    public async Task The_acknowledgement_is_the_answer_itself_a_repeat_hears_it_again_and_nothing_is_said_twice()
    {
        Service = await ChannelService.Start(Peer.Settings());
        (_, string welcome) = await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "subscribe", ""));
        Assert.Contains("青年之声", WeChatPeer.Words(welcome, "o1"), StringComparison.Ordinal);
        // WeChat did not hear it and calls again: the same, not nothing.
        Assert.Equal(WeChatPeer.Words(welcome, "o1"), WeChatPeer.Words((await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "subscribe", ""))).Body, "o1"));

        string id = Peer.Next();
        (int status, string body) = await WeChatPeer.Post(Service, WeChatPeer.Text("o1", id, "厂里三个月没发工资了，找谁都没用"));
        Inquiry inquiry = await Service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((200, "wechat", Topic.Rights), (status, inquiry.Channel, inquiry.Topic));
        Assert.Contains(inquiry.Reference, WeChatPeer.Words(body, "o1"), StringComparison.Ordinal);

        (int, string)[] again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WeChatPeer.Post(Service, WeChatPeer.Text("o1", id, "厂里三个月没发工资了，找谁都没用"))));
        Assert.All(again, a => Assert.Equal(WeChatPeer.Words(body, "o1"), WeChatPeer.Words(a.Item2, "o1")));
        Assert.Equal(1, await Service.See(db => db.Messages.CountAsync()));

        // A handler's answer comes by customer-service message, with the name in it; and only that came so.
        await Service.Do(db => Service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "明天上午 9 点到区人社局二楼监察大队，带劳动合同和考勤，我陪你去。", false, Service.Clock.GetUtcNow(), default));
        await Service.Until(() => Task.FromResult(!Peer.Sent.IsEmpty), "no customer-service message came");
        JsonElement sent = Assert.Single(Peer.Sent);
        Assert.Equal(("o1", "text"), (sent.GetProperty("touser").GetString(), sent.GetProperty("msgtype").GetString()));
        Assert.Contains("我陪你去", sent.GetProperty("text").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("【共青团", sent.GetProperty("text").GetProperty("content").GetString(), StringComparison.Ordinal);

        // Questions with choices come as a menu to press.
        await Service.Wait(TimeSpan.FromHours(3));
        await Service.Until(() => Task.FromResult(Peer.Sent.Count == 2), "the question did not come");
        Assert.Equal(["解决了", "部分解决", "没有解决"], Peer.Sent.Last().GetProperty("msgmenu").GetProperty("list").EnumerateArray().Select(x => x.GetProperty("content").GetString()));
        Assert.All([WeChatPeer.Secret, WeChatPeer.Token, "access-1", "三个月没发工资"], secret => Assert.DoesNotContain(secret, Service.Log.All, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_that_are_not_ready_in_time_come_later_and_only_then()
    {
        Service = await ChannelService.Start(Peer.Settings(answerWithin: 0));
        string id = Peer.Next();
        Assert.Equal((200, "success"), await WeChatPeer.Post(Service, WeChatPeer.Text("o1", id, "厂里三个月没发工资了，找谁都没用")));
        await Service.Until(() => Task.FromResult(Peer.Sent.Any(m => m.ToString().Contains("QS-", StringComparison.Ordinal))), "the acknowledgement did not come");
        Assert.Equal((200, "success"), await WeChatPeer.Post(Service, WeChatPeer.Text("o1", id, "厂里三个月没发工资了，找谁都没用")));
        Assert.Single(Peer.Sent);
        Assert.Equal(1, await Service.See(db => db.Inquiries.CountAsync()));
    }

    [Fact]
    public async Task An_access_token_is_kept_renewed_before_its_end_and_once_when_refused()
    {
        Service = await ChannelService.Start(Peer.Settings(answerWithin: 0));
        await Hear(1);
        await Hear(2);
        Assert.Equal(1, Peer.TokensIssued);
        Peer.Answers = token => token == "access-1" ? 40001 : 0;
        await Hear(3);
        Assert.Equal(2, Peer.TokensIssued);
        Service.Clock.Advance(TimeSpan.FromSeconds(7200 - 200));
        await Hear(4);
        Assert.Equal(3, Peer.TokensIssued);

        async Task Hear(int count)
        {
            await WeChatPeer.Post(Service, WeChatPeer.Text($"o{count}", Peer.Next(), "想问一下入团申请书怎么写"));
            // By the youth, not by the number: a try that a busy machine cut off is made again when its time has come, and WeChat may have had both.
            await Service.Until(() => Task.FromResult(Peer.Sent.Any(m => m.GetProperty("touser").GetString() == $"o{count}")), $"message {count} did not come");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_outside_the_window_waits_its_handler_is_told_and_the_youth_gets_it_at_the_next_word(bool knownBefore)
    {
        Service = await ChannelService.Start(new(Peer.Settings()) { ["WeChat:TemplateId"] = "template-1" });
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "想问一下入团申请书怎么写"));
        Inquiry inquiry = await Service.See(db => db.Inquiries.SingleAsync());
        // Either our own clock tells us, or WeChat does.
        if (knownBefore)
            Service.Clock.Advance(TimeSpan.FromHours(49));
        else
            Peer.Answers = _ => 45015;
        await Service.Do(db => Service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "到学院团委 203 领表，写清入团理由，交给团支书。", false, Service.Clock.GetUtcNow(), default));
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead)), "the answer was not given up");
        Assert.Empty(Peer.Sent);
        // Called back once, without a word of the answer.
        Assert.Equal(("o1", "template-1"), (Assert.Single(Peer.CalledBack).GetProperty("touser").GetString(), Peer.CalledBack.First().GetProperty("template_id").GetString()));
        Assert.DoesNotContain("203", Peer.CalledBack.First().ToString(), StringComparison.Ordinal);
        Assert.True(await Service.See(db => db.Notices.AnyAsync(n => n.HandlerId == inquiry.HandlerId && n.IsUrgent && n.Text.Contains("未能送达"))));
        Assert.Null((await Service.See(db => db.Inquiries.SingleAsync())).FirstResponseAt);

        Peer.Answers = _ => 0;
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "有人在吗"));
        await Service.Until(() => Task.FromResult(Peer.Sent.Any(m => m.ToString().Contains("203", StringComparison.Ordinal))), "the answer did not come at the next word");
        await Service.Until(() => Service.See(db => db.Inquiries.AnyAsync(i => i.FirstResponseAt != null)), "the delivery was not noted");
    }

    [Fact]
    public async Task The_sixth_message_in_a_window_waits_and_a_long_one_counts_by_its_parts()
    {
        Service = await ChannelService.Start(Peer.Settings());
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "想问一下入团申请书怎么写"));
        long conversation = await Service.See(db => db.Conversations.Where(c => c.Channel == "wechat").Select(c => c.Id).SingleAsync());
        await Owe(new string('长', 1200)); // 3600 bytes: two parts
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Sent && o.Attempts > 0)), "the long one was not sent");
        Assert.Equal(2, Peer.Sent.Count);
        Assert.Equal(1200, Peer.Sent.Sum(m => m.GetProperty("text").GetProperty("content").GetString()!.Length));
        for (int i = 3; i <= 5; i++)
        {
            await Owe($"第 {i} 条");
            int sent = i - 1;
            await Service.Until(() => Service.See(async db => await db.Outbox.CountAsync(o => o.State == Delivery.Sent && o.Attempts > 0) == sent), $"number {i} was not sent");
        }
        await Owe("第 6 条");
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead)), "the sixth was not given up");
        Assert.Equal(5, Peer.Sent.Count);

        Task Owe(string text) => Service.Do(async db => db.Owe((await db.Conversations.FindAsync(conversation))!, text, Service.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_scanned_poster_links_the_youth_with_consent_and_the_matter_goes_there()
    {
        Service = await ChannelService.Start(Peer.Settings());
        Cadre cadre = await Service.See(db => db.Cadres.OrderByDescending(c => c.Id).FirstAsync(c => c.Active && c.OnDuty));
        string code = await Service.Get<ContactCodes>().Of(CodeOf.Cadre(cadre.Id), default);
        string words = WeChatPeer.Words((await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "subscribe", "qrscene_" + code))).Body, "o1");
        Assert.All(["青年之声", cadre.PublicName, "不用联系"], part => Assert.Contains(part, words, StringComparison.Ordinal));
        Assert.Equal(cadre.Id, (await Service.See(db => db.ContactLinks.Where(l => l.Until == null && db.Conversations.Any(c => c.YouthId == l.YouthId && c.Channel == "wechat")).SingleAsync())).CadreId);
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "想问一下入团申请书怎么写"));
        Assert.Equal(cadre.Id, (await Service.See(db => db.Inquiries.SingleAsync())).OwnerId);

        // Scanned again: nothing changes, nothing is said twice. A made-up code: nothing at all.
        Assert.Equal("success", (await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "SCAN", code, 2))).Body);
        Assert.Equal("success", (await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "SCAN", $"G{cadre.Id - 1}-{code.Split('-')[1]}", 3))).Body);
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "不用联系"));
        Assert.False(await Service.See(db => db.ContactLinks.AnyAsync(l => l.Until == null && db.Conversations.Any(c => c.YouthId == l.YouthId && c.Channel == "wechat"))));
    }

    [Fact]
    public async Task Voice_places_pictures_and_menu_presses_are_heard()
    {
        Service = await ChannelService.Start(Peer.Settings());
        await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "subscribe", ""));
        Assert.Contains("QS-", await Say("<MsgType>voice</MsgType><MediaId>m</MediaId><Recognition><![CDATA[学校食堂的饭卡充值不到账，找谁处理]]></Recognition>"), StringComparison.Ordinal);
        await Say("<MsgType>location</MsgType><Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label><![CDATA[三号楼北门]]></Label>");
        Assert.True(await Service.See(db => db.Messages.AnyAsync(m => m.Text.Contains("三号楼北门") && m.Text.Contains("23.134521"))));
        Assert.Contains("附件已经放进", await Say("<MsgType>image</MsgType><PicUrl>http://10.0.0.1/x.jpg</PicUrl><MediaId>m</MediaId>"), StringComparison.Ordinal);
        Assert.Contains("QS-", WeChatPeer.Words((await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "CLICK", "进度", 9))).Body, "o1"), StringComparison.Ordinal);
        Assert.Equal("success", (await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "VIEW", "https://example.com"))).Body);
        Assert.Equal("success", (await WeChatPeer.Post(Service, WeChatPeer.Event("o1", "unsubscribe", ""))).Body);

        async Task<string> Say(string rest) => WeChatPeer.Words((await WeChatPeer.Post(Service, WeChatPeer.Message("o1", $"{rest}<MsgId>{Peer.Next()}</MsgId>"))).Body, "o1");
    }

    [Fact]
    public async Task Wrong_callbacks_get_their_answer_and_leave_nothing()
    {
        Service = await ChannelService.Start(Peer.Settings());
        string good = WeChatPeer.Text("o1", "1", "你好");
        string laughs = "<!DOCTYPE lolz [<!ENTITY a \"lol\">" + string.Concat(Enumerable.Range(0, 9).Select(i => $"<!ENTITY {(char)('b' + i)} \"{string.Concat(Enumerable.Repeat($"&{(char)('a' + i)};", 10))}\">")) + "]>" + good.Replace("<![CDATA[你好]]>", "&j;", StringComparison.Ordinal);
        (string Body, string? Signature, TimeSpan Age, int Status)[] cases =
        [
            (good, "0000000000000000000000000000000000000000", default, 401), (good, "", default, 401), (good, "签", default, 401),
            (good, null, TimeSpan.FromMinutes(11), 401), (good, null, TimeSpan.FromMinutes(-11), 401),
            ("", null, default, 400), ("<xml>", null, default, 400), ("{}", null, default, 400), ("<a/>", null, default, 400), ("<xml/>", null, default, 400), ("<xml></xml>", null, default, 400),
            (good + good, null, default, 400), (good.Replace("</Content>", "", StringComparison.Ordinal), null, default, 400),
            (laughs, null, default, 400), ("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" + good.Replace("<![CDATA[你好]]>", "&f;", StringComparison.Ordinal), null, default, 400),
            (good.Replace("<![CDATA[你好]]>", "&nope;", StringComparison.Ordinal), null, default, 400), (good.Replace("<MsgId>1</MsgId>", "", StringComparison.Ordinal), null, default, 400),
            (good.Replace("<MsgId>1</MsgId>", "<MsgId>x</MsgId>", StringComparison.Ordinal), null, default, 400), (good.Replace("[o1]", $"[{new string('o', 99)}]", StringComparison.Ordinal), null, default, 400),
            (good.Replace("你好", "\u0001", StringComparison.Ordinal), null, default, 400),
            ("<xml>" + string.Concat(Enumerable.Repeat("<a>", 8000)), null, default, 400), (good.Replace("你好", new string('x', 70_000), StringComparison.Ordinal), null, default, 413),
        ];
        foreach ((string body, string? signature, TimeSpan age, int status) in cases)
            Assert.Equal((status, body), ((await WeChatPeer.Post(Service, body, signature, Service.Clock.GetUtcNow() - age)).Status, body));
        Assert.Equal(0, await Service.See(db => db.Messages.CountAsync()));

        string time = Service.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Assert.Equal("echo-1", await Service.Http.GetStringAsync(new Uri(Service.Bot, $"/api/wechat?signature={WeChatPeer.Sign(WeChatPeer.Token, time, "n")}&timestamp={time}&nonce=n&echostr=echo-1")));
        using HttpResponseMessage unsigned = await Service.Http.GetAsync(new Uri(Service.Bot, $"/api/wechat?signature=x&timestamp={time}&nonce=n&echostr=echo-1"));
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
    }

    [Fact]
    public async Task Encrypted_messages_are_opened_and_answered_as_another_implementation_understands_them()
    {
        const string key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        Service = await ChannelService.Start(Peer.Settings(key: key));
        using var other = new WeChatCryptoPeer();
        // Every length, so that every padding from 1 to 32 comes by.
        for (int extra = 0; extra < 33; extra++)
        {
            (int status, string body) = await Seal(other, key, WeChatPeer.App, WeChatPeer.Text("o1", Peer.Next(), "帮助" + new string('！', extra)));
            XElement sealedAnswer = XDocument.Parse(body).Root!;
            string Field(string name) => sealedAnswer.Element(name)!.Value;
            JsonElement opened = other.Ask(new { @do = "open", token = WeChatPeer.Token, key, app = WeChatPeer.App, encrypt = Field("Encrypt"), timestamp = Field("TimeStamp"), nonce = Field("Nonce") });
            Assert.Equal((200, WeChatPeer.App, Field("MsgSignature")), (status, opened.GetProperty("app").GetString(), opened.GetProperty("signature").GetString()));
            Assert.NotEmpty(WeChatPeer.Words(opened.GetProperty("text").GetString()!, "o1"));
        }
        int heard = await Service.See(db => db.Messages.CountAsync());
        // Another account's, a changed one, a plain one, and one whose signature is not over its words.
        Assert.Equal(400, (await Seal(other, key, "wxanother", WeChatPeer.Text("o1", "1", "你好"))).Status);
        Assert.Equal(401, (await Seal(other, key, WeChatPeer.App, WeChatPeer.Text("o1", "1", "你好"), change: e => (e[0] == 'A' ? "B" : "A") + e[1..])).Status);
        Assert.Equal(400, (await WeChatPeer.Post(Service, WeChatPeer.Text("o1", "1", "你好"))).Status);
        Assert.Equal(400, (await Seal(other, "ABCDefghijklmnopqrstuvwxyz0123456789ABCDEFG", WeChatPeer.App, WeChatPeer.Text("o1", "1", "你好"))).Status);
        Assert.Equal(heard, await Service.See(db => db.Messages.CountAsync()));
        Assert.DoesNotContain(key, Service.Log.All, StringComparison.Ordinal);
    }

    private Task<(int Status, string Body)> Seal(WeChatCryptoPeer other, string key, string app, string text, Func<string, string>? change = null)
    {
        string timestamp = Service.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        JsonElement made = other.Ask(new { @do = "seal", token = WeChatPeer.Token, key, app, text, timestamp, nonce = "8675309" });
        string encrypt = made.GetProperty("encrypt").GetString()!;
        return WeChatPeer.Post(Service, $"<xml><ToUserName>{WeChatPeer.Account}</ToUserName><Encrypt><![CDATA[{change?.Invoke(encrypt) ?? encrypt}]]></Encrypt></xml>",
            query: $"&encrypt_type=aes&msg_signature={made.GetProperty("signature").GetString()}");
    }
}
