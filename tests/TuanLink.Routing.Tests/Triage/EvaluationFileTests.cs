using System.Globalization;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Evaluation;

namespace TuanLink.Routing.Tests.Triage;

public sealed class EvaluationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tuanlink-evaluate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", 0)]
    [InlineData("id\ttopic\tkind\turgency\ttext\n", 0)]
    [InlineData("id\ttopic\tkind\ttext\n1\tstudy\tconsultation\t挂科\n", 1)]
    [InlineData("id\ttopic\tkind\turgency\ttext\n1\tcooking\tconsultation\troutine\t挂科\n", 2)]
    [InlineData("id\ttopic\tkind\turgency\ttext\n1\tstudy\tconsultation\troutine\t挂科\n2\tstudy\n", 3)]
    public void A_malformed_topics_file_is_refused_before_anything_is_learned(string content, int line) =>
        Assert.Equal(line, Assert.Throws<MalformedFile>(() => EvaluateTopics.Run(NeverAsked, Write(content), TextWriter.Null)).Line);

    [Theory]
    [InlineData("label\ttext\nhigh\t我好难过\n", 2)]
    [InlineData("text\n我好难过\n", 1)]
    public void A_malformed_crisis_file_is_refused_with_its_line(string content, int line) =>
        Assert.Equal(line, Assert.Throws<MalformedFile>(() => EvaluateCrisis.Run(NeverAsked, Write(content), TextWriter.Null)).Line);

    [Theory]
    [InlineData("{\"id\":1,\"turns\":[{\"text\":\"你好\",\"expected\":\"greeting\"}]}\n{oops\n", 2)]
    [InlineData("{\"id\":1,\"turns\":[{\"text\":\"你好\",\"expected\":\"wave\"}]}\n", 1)]
    [InlineData("{\"id\":1,\"turns\":[]}\n", 1)]
    [InlineData("\n", 0)]
    public void A_malformed_conversations_file_is_refused_with_its_line(string content, int line) =>
        Assert.Equal(line, Assert.Throws<MalformedFile>(() => EvaluateConversations.Run(NeverAsked, Write(content), TextWriter.Null)).Line);

    [Fact]
    public void A_trainer_file_without_a_tab_is_refused_with_its_line() =>
        Assert.Equal(2, Assert.Throws<MalformedFile>(() =>
            EvaluateTrainer.Run(Write("a\tx\nnothing\n"), Write("a\tx\n"), TextWriter.Null)).Line);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.tsv", Assert.Throws<MalformedFile>(() =>
            EvaluateTopics.Run(NeverAsked, "nowhere.tsv", TextWriter.Null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Codes_are_read_in_any_casing_columns_in_any_order_with_a_byte_order_mark_and_carriage_returns()
    {
        var predictions = Path.Combine(_folder, "predictions.tsv");
        var result = EvaluateTopics.Run(() => Sorter.Shipped,
            Write("\uFEFFtext\tURGENCY\tsource\ttopic\tid\tkind\r\n智慧团建的组织关系怎么转\tRoutine\tx\tLeagueAffairs\t#7\tConsultation\r\n"),
            TextWriter.Null, predictions);
        Assert.Equal((1, 1), (result.Topics.Count, result.Topics.Right));
        var lines = File.ReadAllLines(predictions);
        Assert.Equal("id\ttruth\tprediction\tprobability\tkind_prediction\turgency_prediction", lines[0]);
        Assert.StartsWith("#7\tleague_affairs\tleague_affairs\t", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_set_held_out_is_measured_and_all_of_a_kind_together()
    {
        using var output = new StringWriter();
        EvaluateHeldOut.Run(SmallSeeds.Folder, output);
        var lines = output.ToString().Split(output.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToList();
        foreach (var (together, files) in new[] { ("topics", "topics-*.tsv"), ("danger", "danger-*.tsv"), ("conversations", "conversations-*.jsonl") })
        {
            var sets = lines.Where(l => l[0].StartsWith(together + "-", StringComparison.Ordinal)).ToList();
            Assert.Equal(Directory.GetFiles(Path.Combine(SmallSeeds.Folder, "held-out"), files).Length, sets.Count);
            Assert.Equal(sets.Sum(s => int.Parse(s[1], CultureInfo.InvariantCulture)), int.Parse(Assert.Single(lines, l => l[0] == together)[1], CultureInfo.InvariantCulture));
            // In the order of their numbers: 10 after 9.
            Assert.Equal(Enumerable.Range(1, sets.Count).Select(n => $"{together}-{n}"), sets.Select(s => s[0]));
        }
    }

    [Fact]
    public void Ranking_counts_ties_half() => Assert.Equal(0.875, Confidence.RankedAbove([1, 2], [1, 0]), 6);

    private static TriageInquiry NeverAsked() => throw new InvalidOperationException("the file should have been refused first");

    private string Write(string content)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, content);
        return path;
    }
}
