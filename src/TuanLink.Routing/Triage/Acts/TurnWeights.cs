using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>Tells whether a message goes on about the open inquiry or begins another: logistic weights over how alike the
/// two texts are, whether their topics agree, markers, length, and what the words alone suggest.</summary>
internal sealed class RelationWeights(double[] weights)
{
    private const int Features = 13;
    private const int Epochs = 400;
    private const double Rate = 0.5, Decay = 0.002;

    // Ways to begin another matter, and to go on with the first.
    private static readonly string[] NewMarkers =
    [
        "另外", "还有个事", "还有一个", "还有件事", "还想问", "再问", "顺便", "换个", "别的事", "另一个", "另一件", "对了", "话说",
        "还有就是想", "不是这个", "跟这个没关系", "跟上面", "新问题", "再咨询", "还要问", "多问一句", "问个别的", "插一句", "除了这个",
    ];
    private static readonly string[] FollowMarkers =
    [
        "那", "这个", "刚才", "刚刚", "上面", "前面", "就是", "然后", "但是", "可是", "不过", "所以", "补充", "他们", "她", "他", "它",
        "是的", "嗯", "好的", "对的", "不是", "没有", "有的", "因为", "后来", "还没", "已经", "具体", "也就是", "您说的", "你说的",
        "照你", "按你", "我说的", "忘了说", "材料", "这样", "那样", "如果", "要是", "其实",
    ];

    public double[] Weights => weights;

    /// <summary>Probability (0..1) that <paramref name="text"/> begins another matter than <paramref name="open"/>.</summary>
    public double NewTopicProbability(string open, int openTopic, string text, ReadOnlySpan<float> topics, float wordsScore)
    {
        Span<double> features = stackalloc double[Features];
        Describe(open, openTopic, text, topics, wordsScore, features);
        return Logistic(features);
    }

    /// <summary>Learns from pairs of messages.</summary>
    /// <param name="wordsScore">For each turn, what the words of its second message alone suggest, from a part of the
    /// cross-validation that had not seen it.</param>
    public static RelationWeights Learn(IReadOnlyList<TurnSeed> turns, LinearModel model, LearnedHead topic,
        Func<int, float> wordsScore)
    {
        var rows = new double[turns.Count][];
        Span<float> scores = stackalloc float[model.Stride];
        Span<float> topics = stackalloc float[topic.Answers];
        for (var i = 0; i < turns.Count; i++)
        {
            model.Score(turns[i].Previous, scores);
            var openTopic = Largest(scores.Slice(topic.Offset, topic.Answers));
            model.Score(turns[i].Text, scores);
            LinearModel.Probabilities(topic, scores, topics);
            rows[i] = new double[Features];
            Describe(turns[i].Previous, openTopic, turns[i].Text, topics, wordsScore(i), rows[i]);
        }
        var learned = new RelationWeights(new double[Features]);
        for (var epoch = 0; epoch < Epochs && rows.Length > 0; epoch++)
        {
            var gradient = new double[Features];
            for (var i = 0; i < rows.Length; i++)
            {
                var error = learned.Logistic(rows[i]) - (turns[i].Relation == TurnRelation.NewTopic ? 1 : 0);
                for (var f = 0; f < Features; f++) gradient[f] += error * rows[i][f];
            }
            for (var f = 0; f < Features; f++)
                learned.Weights[f] -= Rate * (gradient[f] / rows.Length + Decay * learned.Weights[f]);
        }
        return learned;
    }

    private double Logistic(ReadOnlySpan<double> features)
    {
        var sum = 0.0;
        for (var f = 0; f < features.Length; f++) sum += weights[f] * features[f];
        return 1 / (1 + Math.Exp(-sum));
    }

    private static void Describe(string open, int openTopic, string text, ReadOnlySpan<float> topics, float wordsScore,
        Span<double> features)
    {
        var before = TextNormaliser.Normalise(open);
        var now = TextNormaliser.Normalise(text);
        var certain = topics[Largest(topics)];
        features[0] = 1;
        features[1] = SharedPairs(before, now);
        features[2] = topics[openTopic];
        features[3] = certain;
        features[4] = certain - topics[openTopic];
        features[5] = 2 * wordsScore;
        features[6] = NewMarkers.Any(m => now.Contains(m, StringComparison.Ordinal)) ? 1 : 0;
        features[7] = FollowMarkers.Any(m => now.StartsWith(m, StringComparison.Ordinal)) ? 1 : 0;
        features[8] = now.Length <= 8 ? 1 : 0;
        features[9] = now.Length > 25 ? 1 : 0;
        features[10] = now.Contains('?') ? 1 : 0;
        features[11] = Math.Min(3, SharedPairs(now, before) * now.Length / 4.0);
        features[12] = now.Length <= 15 ? 1 : 0;
    }

    // The share of the second text's pairs of characters that the first has too.
    private static double SharedPairs(string first, string second)
    {
        if (second.Length < 2) return 0;
        var pairs = new HashSet<int>();
        for (var i = 0; i + 1 < first.Length; i++) pairs.Add((first[i] << 16) | first[i + 1]);
        var shared = 0;
        for (var i = 0; i + 1 < second.Length; i++) if (pairs.Contains((second[i] << 16) | second[i + 1])) shared++;
        return (double)shared / (second.Length - 1);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
