using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Teaches <see cref="DangerWeights"/> from every text of the seeds whose danger is known, described by scores of a part
/// of the learner that had not seen it; and from ordinary messages with such a text at their end, for a danger is often
/// told in the last breath of something else.</summary>
internal sealed class DangerLessons
{
    // Longer ones make a message of their own.
    private const int LongestEnd = 40;

    // Ordinary messages and turns are many and alike: every third speaks for three. Some texts are put together with others, one for all that might be;
    // what is made of a danger says less than what somebody wrote.
    private const int OrdinaryEvery = 3;
    private const float OfDanger = 0.4f, Harmless = 2;

    private readonly List<(string Normal, int Text, int Pieces, float Weight)> _told = [];
    private readonly List<LinearLearner.Asked> _asked = [];
    private readonly TriageLessons _lessons;

    /// <param name="part">The part of the cross-validation a text belongs to: what is put together is of one part.</param>
    public DangerLessons(TriageLessons lessons, Func<string, int> part)
    {
        _lessons = lessons;
        var ordinary = Enumerable.Range(0, lessons.Examples).Where(Plain)
            .GroupBy(i => part(lessons.Texts[i]), i => lessons.Texts[i]).ToDictionary(g => g.Key, g => g.ToArray());
        for (var i = 0; i < lessons.Examples; i++)
        {
            if (lessons.Danger(i) < 0) continue;
            var text = lessons.Texts[i];
            if (!Plain(i) && !PlainTurn(i)) Add(text, i);
            else if (i % OrdinaryEvery == 0) Add(text, i, OrdinaryEvery);
            if (!ordinary.TryGetValue(part(text), out var before)) continue;
            string Another(int step) => before[(i * 7 + step) % before.Length];
            if (lessons.Danger(i) > 0 ? i % 4 == 0 && text.Length <= LongestEnd : i % 16 == 0)
                Add($"{Another(0)}. {text}", i, lessons.Danger(i) > 0 ? OfDanger : Harmless);
            // long and harmless: what only adds up by its length
            if (Plain(i) && i % 16 == 4) Add($"{text}. {Another(1)}. {Another(2)}. {Another(3)}", i, Harmless);
        }

        bool Plain(int i) => lessons.Danger(i) == 0 && lessons.IsMessage(i);
        bool PlainTurn(int i) => lessons.Danger(i) == 0 && i >= lessons.FirstPair;
    }

    /// <summary>What is to be scored by the part of the learner that had not seen it: everything put together and all pieces.</summary>
    public IReadOnlyList<LinearLearner.Asked> Asked => _asked;

    private void Add(string text, int from, float weight = 1)
    {
        var normal = TextNormaliser.Normalise(text);
        Span<Range> pieces = stackalloc Range[Clauses.Most];
        var count = Clauses.Cut(normal, pieces);
        _told.Add((normal, from, count, weight));
        _asked.Add(new(normal, from, Head: null));
        foreach (var piece in pieces[..count]) _asked.Add(new(normal[piece], from, TriageModel.DangerHead));
    }

    public DangerWeights Learn(LinearLearner.Lesson lesson, IReadOnlyList<DangerPattern> patterns) => DangerWeights.Learn(Describe(lesson, patterns));

    // Halves of all, each after its own share of what was asked.
    private DangerWeights.Row[] Describe(LinearLearner.Lesson lesson, IReadOnlyList<DangerPattern> patterns)
    {
        var features = new DangerFeatures(lesson.Model, new DangerLexicon(patterns));
        var middle = _told.Count / 2;
        var before = _told.Take(middle).Sum(t => 1 + t.Pieces);
        return [.. InTwo.Parts(half => half == 0 ? Describe(lesson, features, 0, middle, 0) : Describe(lesson, features, middle, _told.Count, before)).SelectMany(r => r)];
    }

    private List<DangerWeights.Row> Describe(LinearLearner.Lesson lesson, DangerFeatures features, int from, int until, int asked)
    {
        var linear = lesson.Model;
        var dangerHead = Array.FindIndex(linear.Heads, h => h.Name == TriageModel.DangerHead);
        var rows = new List<DangerWeights.Row>(until - from);
        var scores = new float[linear.Stride];
        Span<Range> ranges = stackalloc Range[Clauses.Most];
        Span<float> pieceScores = stackalloc float[3 * Clauses.Most];
        foreach (var (normal, text, pieces, weight) in _told[from..until])
        {
            for (var h = 0; h < linear.Heads.Length; h++) Unseen(h).CopyTo(scores.AsSpan(linear.Heads[h].Offset));
            asked++;
            Clauses.Cut(normal, ranges);
            for (var p = 0; p < pieces; p++)
            {
                Unseen(dangerHead).CopyTo(pieceScores[(3 * p)..]);
                asked++;
            }
            var row = new float[DangerFeatures.Count];
            features.Describe(normal, scores, ranges[..pieces], pieceScores[..(3 * pieces)], BareWords.In(normal) is not null, row);
            rows.Add(new DangerWeights.Row(row, _lessons.Danger(text), weight, features.Margin(scores, pieceScores[..(3 * pieces)])));
        }
        return rows;

        ReadOnlySpan<float> Unseen(int head) => lesson.UnseenAsked[head].AsSpan(asked * linear.Heads[head].Answers, linear.Heads[head].Answers);
    }
}
