using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Tests.Triage;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Routing.Tests.SecondOpinions;

/// <summary>The pass on both engines; the protocol itself is tested with a real server in the journeys.</summary>
public sealed class PassTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Nodes_that_look_at_once_ask_once_each_and_danger_is_raised_once(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine, settings: SmallSeeds.Settings());
        Inquiry inquiry = await office.Receive("请问志愿者怎么报名", Topic.Volunteering, linkedTo: office.Wang);
        var model = new AlwaysSays("""{"topic":"volunteering","danger":"crisis","evidence":"","summary":"想报名"}""");
        GiveSecondOpinions[] nodes = [Pass(office, model), Pass(office, model), Pass(office, model)];
        await Task.WhenAll(nodes.Select(n => n.GiveSome(office.Now, default)));
        Assert.Equal(1, model.Asked);
        Inquiry raised = await office.Inquiry(inquiry.Id);
        Assert.Equal((Risk.Crisis, office.Responder.Id), (raised.Risk, raised.HandlerId));
        Assert.Single(await office.Story(inquiry.Id), t => t.Contains("第二意见", StringComparison.Ordinal));
        Assert.Equal(OpinionState.Given, (await office.See(db => db.SecondOpinions.SingleAsync())).State);
    }

    [Fact]
    public async Task A_danger_a_named_human_has_judged_is_not_raised_again_by_a_model()
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings());
        Inquiry inquiry = await office.Receive("我要被这门课逼疯了", Topic.Study, risk: Risk.Concern, linkedTo: office.Wang);
        await office.Do(async db => await office.Get<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == inquiry.Id), office.Wang.Id,
            new Correction(Risk: Risk.None, Reason: "电话里问过，只是抱怨"), office.Now, default));
        await Pass(office, new AlwaysSays("""{"topic":"study","danger":"crisis","evidence":"","summary":"压力大"}""")).GiveSome(office.Now, default);
        Assert.Equal(Risk.None, (await office.Inquiry(inquiry.Id)).Risk);
    }

    [Fact]
    public async Task Without_summaries_only_what_the_sorter_was_not_sure_of_is_sent()
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings(("SecondOpinion:Summaries", "false")));
        await office.Receive(linkedTo: office.Wang);
        Inquiry unsure = await office.Receive(linkedTo: office.Wang, unsure: true);
        var model = new AlwaysSays("""{"topic":null,"danger":"none","evidence":"","summary":"不清楚"}""");
        await Pass(office, model).GiveSome(office.Now, default);
        Assert.Equal(unsure.Id, (await office.See(db => db.SecondOpinions.SingleAsync())).InquiryId);
        Assert.Equal(1, model.Asked);
    }

    [Theory]
    [InlineData("BaseAddress", "ftp://x", "SecondOpinion:BaseAddress is 'ftp://x'")]
    [InlineData("BaseAddress", "http://models.example.org/v1", "SecondOpinion:BaseAddress is 'http://models.example.org/v1'")]
    [InlineData("BaseAddress", "ftp://user:secret@models.example.org/v1", "a bare address")]
    [InlineData("Model", " ", "SecondOpinion:Model is ' '")]
    [InlineData("TimeLimitSeconds", "0", "SecondOpinion:TimeLimitSeconds is '0'")]
    [InlineData("ApiKey", "two words", "SecondOpinion:ApiKey holds a character")]
    public async Task A_wrong_setting_is_told_at_start_without_any_secret(string key, string value, string sentence)
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings(("SecondOpinion:Enabled", "true"),
            ("SecondOpinion:BaseAddress", "https://models.example.org/v1"), ("SecondOpinion:Model", "m"), ($"SecondOpinion:{key}", value)));
        var wrong = Assert.Throws<OptionsValidationException>(() => office.Get<IStartupValidator>().Validate());
        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two words", wrong.Message, StringComparison.Ordinal);
    }

    private static GiveSecondOpinions Pass(Office office, IChatClient model) => new(office.Get<IDbContextFactory<RoutingDb>>(), office.Get<ITransactions>(),
        office.Get<Rosters>(), office.Get<InquiryDesk>(), office.Get<SorterInUse>(), model, office.Get<IOptions<SecondOpinionOptions>>());

    private sealed class AlwaysSays(string words) : IChatClient
    {
        private int _asked;
        public int Asked => _asked;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, words)));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public object? GetService(Type serviceType, object? serviceKey = null) => null;
        public void Dispose() { }
    }
}
