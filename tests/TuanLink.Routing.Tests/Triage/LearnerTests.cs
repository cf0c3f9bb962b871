using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Tests.Triage;

public sealed class LearnerTests : IDisposable
{
    private readonly SeedsOfOneTwelfth _seeds = new();

    public void Dispose() => _seeds.Dispose();

    [Fact]
    public void Learning_twice_from_the_same_seeds_gives_the_same_model_to_the_last_bit()
    {
        var seeds = TriageSeeds.Read(_seeds.Path);
        Assert.Equal(TriageModelFile.Bytes(TriageModel.Learn(seeds)), TriageModelFile.Bytes(TriageModel.Learn(seeds)));
    }

    [Fact]
    public void A_kept_model_is_the_learned_one_and_a_damaged_one_is_not_used()
    {
        var seeds = TriageSeeds.Read(_seeds.Path);
        var folder = Path.Combine(_seeds.Path, "kept");
        var file = new TriageModelFile(folder, seeds.ContentHash);
        var learned = TriageModel.Learn(seeds);
        file.Save(learned);
        Assert.Equal(TriageModelFile.Bytes(learned), TriageModelFile.Bytes(file.Load()!));

        var kept = Assert.Single(Directory.GetFiles(folder));
        var bytes = File.ReadAllBytes(kept);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(kept, bytes);
        Assert.Null(file.Load());
    }

    [Fact]
    public void A_sorter_started_from_the_kept_model_sorts_like_the_one_that_learned()
    {
        var folder = Path.Combine(_seeds.Path, "kept");
        var first = TriageInquiry.Train(_seeds.Path, folder);
        var second = TriageInquiry.Train(_seeds.Path, folder);
        foreach (var text in (string[])["团员证丢了怎么补办", "老板拖欠工资三个月", "我撑不下去了", "谢谢"])
        {
            var (one, other) = (first.Sort(text, TriageContext.First), second.Sort(text, TriageContext.First));
            Assert.Equal((one.Topic, one.TopicProbability, one.Kind, one.Risk, one.Severity, one.Act),
                (other.Topic, other.TopicProbability, other.Kind, other.Risk, other.Severity, other.Act));
        }
    }
}
