using TuanLink.Bot.Channels.WeChat;
using TuanLink.Routing.Outbox;

namespace TuanLink.Journeys.Channels;

public sealed class LinkCardTests
{
    [Theory]
    [InlineData("报名表在这里：https://www.example.cn/form", "报名表在这里", "www.example.cn", "https://www.example.cn/form")]
    [InlineData("https://www.example.cn/form\n填好带来。", "填好带来", "www.example.cn", "https://www.example.cn/form")]
    [InlineData("看（https://例子.中国/表）第二页", "看（ ）第二页", "xn--fsqu00a.xn--fiqs8s", "https://例子.中国/表")]
    [InlineData("HTTPS://WWW.EXAMPLE.CN/A 看这里", "看这里", "www.example.cn", "HTTPS://WWW.EXAMPLE.CN/A")]
    public void Words_with_one_secure_link_have_a_card_that_shows_where_it_leads(string words, string title, string host, string address) =>
        Assert.Equal(new LinkCard(title, host, address), LinkCard.Of(Handlers(words)));

    [Theory]
    [InlineData("没有链接的话")]
    [InlineData("https://www.example.cn/form")]
    [InlineData("：https://www.example.cn/form。")]
    [InlineData("两处 https://a.example.cn 和 https://b.example.cn")]
    [InlineData("两处 https://a.example.cn 和 http://b.example.cn")]
    [InlineData("老网站 http://www.example.cn/form")]
    [InlineData("坏的 https://")]
    public void Other_words_have_none(string words) => Assert.Null(LinkCard.Of(Handlers(words)));

    [Fact]
    public void The_bots_own_words_have_none_a_long_title_is_cut_between_characters_and_a_long_address_is_left_to_the_words()
    {
        Assert.Null(LinkCard.Of(new OutboxMessage { Text = "看这里 https://www.example.cn/" }));
        LinkCard card = LinkCard.Of(Handlers(new string('长', 38) + "😀😀 https://www.example.cn/"))!;
        Assert.Equal(new string('长', 38) + "…", card.Title);
        Assert.Null(LinkCard.Of(Handlers("看这里 https://www.example.cn/" + new string('a', 1000))));
    }

    private static OutboxMessage Handlers(string text) => new() { Text = text, MessageId = 1 };
}
