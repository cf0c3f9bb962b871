using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Evaluation;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Tests.Triage;

public sealed class ConversationTests
{
    private const string Wages = "在烧烤店干了三个月，老板一直不发工资";
    private static readonly OpenInquiry OnWages = new(Topic.Rights, Wages, [Wages, "一共七千多"]);
    private static readonly TriageContext AfterWages = new([Wages, "一共七千多"], OnWages);

    [Theory]
    [InlineData("5600", ConversationAct.Inquiry)]
    [InlineData("没有签合同 都是微信转账", ConversationAct.Inquiry)]
    [InlineData("三天了 这事有进展没", ConversationAct.StatusQuery)]
    [InlineData("算了 他昨晚发给我了 不用再管了", ConversationAct.Withdraw)]
    [InlineData("好的 知道了 谢谢老师", ConversationAct.ThanksClose)]
    [InlineData("给我转人工", ConversationAct.AskHuman)]
    [InlineData("把我的聊天记录都删掉", ConversationAct.Erase)]
    public void What_is_said_on_an_open_inquiry_is_read_by_its_words_and_its_place(string text, ConversationAct act) =>
        Assert.Equal(act, Sorter.Shipped.Sort(text, AfterWages).Act);

    [Fact]
    public void Words_on_the_open_inquiry_and_words_on_another_matter_are_told_apart()
    {
        Assert.Equal(TurnRelation.FollowUp, Sorter.Shipped.Sort("老板的店在火车站旁边", AfterWages).Relation);
        Assert.Equal(TurnRelation.NewTopic, Sorter.Shipped.Sort("对了，另外想问一下我妹妹入团要什么条件", AfterWages).Relation);
    }

    [Fact]
    public void Without_an_open_inquiry_no_relation_is_stated() =>
        Assert.Equal(TurnRelation.Unsure, Sorter.Sort("对了，另外想问一下我妹妹入团要什么条件").Relation);

    [Theory]
    [InlineData("谢谢你们，我已经把药都吃下去了，再见")]
    [InlineData("算了，我现在就从楼顶跳下去，不用管我了")]
    public void Whoever_is_in_danger_is_heard_whatever_else_the_words_look_like(string text)
    {
        var verdict = Sorter.Shipped.Sort(text, AfterWages);
        Assert.Equal((Risk.Crisis, ConversationAct.Inquiry), (verdict.Risk, verdict.Act));
    }

    [Theory]
    [InlineData("河边厂子乱倒垃圾，臭死人", ConversationAct.Inquiry)]
    [InlineData("垃圾站挨着学校后门，一股恶臭", ConversationAct.Inquiry)]
    [InlineData("旅行社低价团骗老年人买保健品", ConversationAct.Inquiry)]
    [InlineData("什么垃圾机器人，滚", ConversationAct.AbuseOrAd)]
    [InlineData("加我微信领兼职，日结三百", ConversationAct.AbuseOrAd)]
    public void An_angry_report_is_a_report_and_only_an_insult_or_an_advertisement_is_none(string text, ConversationAct act) =>
        Assert.Equal(act, Sorter.Sort(text).Act);

    [Fact]
    public void An_act_is_believed_only_from_the_probability_set()
    {
        var seeds = TriageSeeds.Read(SmallSeeds.Folder);
        var bold = TriageInquiry.Train(seeds, new TriageSettings { ActBelievedFrom = 0 });
        var unsure = seeds.Acts.Select(a => a.Text)
            .First(t => bold.Sort(t, TriageContext.First) is { Act: not ConversationAct.Inquiry, ActProbability: < 0.99 });
        var stated = bold.Sort(unsure, TriageContext.First).ActProbability;
        var wary = TriageInquiry.Train(seeds, new TriageSettings { ActBelievedFrom = stated + 0.005 });
        Assert.Equal(ConversationAct.Inquiry, wary.Sort(unsure, TriageContext.First).Act);
    }

    [Fact]
    public void A_new_topic_is_believed_only_from_the_probability_set()
    {
        var seeds = TriageSeeds.Read(SmallSeeds.Folder);
        var never = TriageInquiry.Train(seeds, new TriageSettings { NewTopicBelievedFrom = 1, RelationBelievedFrom = 1 });
        Assert.Equal(TurnRelation.Unsure, never.Sort("另外想问一下我妹妹入团要什么条件", AfterWages).Relation);
    }

    [Fact]
    public void The_conversation_so_far_is_what_the_service_remembers()
    {
        var heard = new ConversationSoFar();
        heard.Hear("你好", TurnAct.Greeting, Topic.Other);
        Assert.Null(heard.Context.OpenInquiry);
        heard.Hear(Wages, TurnAct.NewInquiry, Topic.Rights);
        heard.Hear("谢谢", TurnAct.ThanksClose, Topic.Other);
        heard.Hear("一共七千多", TurnAct.FollowUp, Topic.Other);
        Assert.Equal((Topic.Rights, Wages), (heard.Context.OpenInquiry!.Topic, heard.Context.OpenInquiry.Text));
        Assert.Equal([Wages, "谢谢", "一共七千多"], heard.Context.OpenInquiry.Said!);
        heard.Hear("团员证丢了", TurnAct.NewInquiry, Topic.LeagueAffairs);
        heard.Hear("这个不用了", TurnAct.Withdraw, Topic.Other);
        Assert.Equal(Topic.Rights, heard.Context.OpenInquiry!.Topic);
        for (var i = 0; i < TriageContext.Remembered; i++) heard.Hear($"第{i}句", TurnAct.Greeting, Topic.Other);
        Assert.Equal(TriageContext.Remembered, heard.Context.EarlierTexts.Count);
        Assert.Equal(heard.Context.EarlierTexts, heard.Context.OpenInquiry!.Said!);
        heard.Hear("全删了", TurnAct.Erase, Topic.Other);
        Assert.Null(heard.Context.OpenInquiry);
        Assert.True(heard.HasInquired);
    }

    [Theory]
    [InlineData("{\"turns\":[{\"text\":\"你好\",\"act\":\"wave\"}]}", "wave")]
    [InlineData("{\"turns\":[{\"text\":\"\",\"act\":\"greeting\"}]}", "without text")]
    [InlineData("{\"turns\":[{\"text\":\"你好\",\"act\":\"greeting\",\"topic\":\"cooking\"}]}", "cooking")]
    [InlineData("{\"turns\":[null]}", "without text")]
    [InlineData("[]", "")]
    public void A_malformed_conversation_among_the_seeds_is_refused_with_file_and_line(string line, string problem)
    {
        using var folder = new SeedsOfOneTwelfth();
        var path = Path.Combine(folder.Path, "acts", "conversations.jsonl");
        var lines = File.ReadAllLines(path);
        File.WriteAllLines(path, [lines[0], line, .. lines[1..]]);
        var wrong = Assert.Throws<TuanLink.Routing.Triage.MalformedFile>(() => TriageSeeds.Read(folder.Path));
        Assert.Equal((path, 2), (wrong.File, wrong.Line));
        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_conversations_among_the_seeds_are_nearly_the_same()
    {
        var twins = SeedFolds.Twins(TriageSeeds.Read(Sorter.SeedsFolder).Conversations.Select(c => c.Text), least: 0.6);
        Assert.Empty(twins.Select(t => t.First));
    }

    [Fact]
    public void A_conversation_begins_with_an_inquiry_before_there_can_be_another()
    {
        Assert.All(TriageSeeds.Read(Sorter.SeedsFolder).Conversations, conversation =>
        {
            var inquired = false;
            foreach (var turn in conversation.Turns)
            {
                if (turn.Act == TurnAct.NewInquiry) Assert.Equal(inquired, turn.Code == ConversationFile.NewTopic);
                inquired |= turn.Act == TurnAct.NewInquiry;
            }
        });
    }
}
