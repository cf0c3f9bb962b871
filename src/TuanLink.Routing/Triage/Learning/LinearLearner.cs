using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learns one <see cref="LinearModel"/> that answers several heads from one reading of a text.</summary>
internal static class LinearLearner
{
    // A slope and a few shifts are not told better by more texts than these, taken evenly.
    private const int MostToFit = 6000;

    /// <param name="texts">The training texts, raw.</param>
    /// <param name="heads">The questions, each with a label per text.</param>
    /// <param name="settings">What to read.</param>
    /// <param name="examples">How many of the texts, from the first, are real messages: probabilities are fitted on these,
    /// for words and phrases teach but are easier than life. All when null.</param>
    /// <param name="asked">What teaches nothing but is scored as well, by the part of the learner that had not seen the text it comes from;
    /// none when null.</param>
    /// <param name="folds">Parts for the cross-validation that fits the probabilities; below 2, none is fitted.</param>
    public static Lesson Learn(IReadOnlyList<string> texts, IReadOnlyList<Head> heads, FeatureSettings settings,
        int folds = 3, int? examples = null, IReadOnlyList<Asked>? asked = null)
    {
        var reader = new FeatureReader(settings);
        asked ??= [];
        var keys = InTwo.Of(texts, text => KeysOf(reader, TextNormaliser.Normalise(text)));
        var vocabulary = Vocabulary.Learn(keys, settings.LeastTexts);
        var all = SparseRows.Weigh(keys, vocabulary, settings);

        // Every (head, answer, fold) is a separate problem; fold -1 learns from all.
        var tasks = new List<(int Head, int Answer, int Fold, int Output)>();
        var offset = 0;
        for (var h = 0; h < heads.Count; h++)
        {
            for (var a = 0; a < heads[h].Answers; a++)
                for (var f = folds < 2 ? -1 : folds - 1; f >= -1; f--) tasks.Add((h, a, f, offset + a));
            offset += heads[h].Answers;
        }
        var learned = new float[offset][];
        var unseen = heads.Select(head => new float[head.Labels.Length][]).ToArray();
        var unseenAsked = heads.Select(head => new float[asked.Count * head.Answers]).ToArray();
        foreach (var (h, head) in heads.Index())
        {
            for (var i = 0; i < head.Labels.Length; i++) unseen[h][i] = head.Labels[i] >= 0 ? new float[head.Answers] : [];
        }
        var part = PartsOf(texts, folds, examples ?? texts.Count);
        var known = InTwo.Of([.. Enumerable.Range(0, folds < 2 ? 0 : folds)], f => KnownWithout(f, all, part, settings.LeastTexts));
        var partly = InTwo.Of(known, all.Keep);
        var askedRows = SparseRows.Weigh(InTwo.Of(asked, a => KeysOf(reader, a.Normal)), vocabulary, settings);
        var partlyAsked = InTwo.Of(known, askedRows.Keep);
        var chosen = heads.Select(head => Enumerable.Range(-1, partly.Length + 1).Select(f => ChosenRows(head, part, f)).ToArray()).ToArray();
        var wholes = heads.Select((_, h) => InTwo.Of([.. Enumerable.Range(-1, partly.Length + 1)], f => BayesRatios.Whole.Of(f < 0 ? all : partly[f], chosen[h][f + 1]))).ToArray();
        Parallel.ForEach(tasks, InTwo.Threads, task =>
        {
            var head = heads[task.Head];
            var rows = task.Fold < 0 ? all : partly[task.Fold];
            var from = chosen[task.Head][task.Fold + 1];
            bool Positive(int i) => head.Labels[i] == task.Answer;
            var squares = BayesRatios.Squared(rows, wholes[task.Head][task.Fold + 1], Array.FindAll(from, Positive), settings.BayesPower);
            var cost = CostOf(head, from);
            var weights = DualCoordinateDescent.Learn(rows, from, Positive, squares, i => cost[head.Labels[i]],
                // what only fits probabilities need not be exact
                task.Fold < 0 ? DualCoordinateDescent.Tolerance : 2 * DualCoordinateDescent.Tolerance);
            if (task.Fold < 0)
            {
                learned[task.Output] = weights;
                return;
            }
            for (var i = 0; i < part.Length; i++)
                if (part[i] == task.Fold && head.Labels[i] >= 0)
                    unseen[task.Head][i][task.Answer] = DualCoordinateDescent.ScoreOf(rows, i, weights);
            for (var i = 0; i < asked.Count; i++)
                if (part[asked[i].Text] == task.Fold && (asked[i].Head ?? head.Name) == head.Name)
                    unseenAsked[task.Head][i * head.Answers + task.Answer] = DualCoordinateDescent.ScoreOf(partlyAsked[task.Fold], i, weights);
        });

        var calibrations = InTwo.Of([.. heads.Index()], of =>
        {
            var (h, head) = of;
            if (folds < 2) return new Calibration(3, new float[head.Answers]);
            var taught = Enumerable.Range(0, examples ?? texts.Count).Where(i => head.Labels[i] >= 0).ToArray();
            if (taught.Length > MostToFit) taught = [.. Enumerable.Range(0, MostToFit).Select(i => taught[(long)i * taught.Length / MostToFit])];
            return Calibration.Fit([.. taught.Select(i => unseen[h][i])], [.. taught.Select(i => head.Labels[i])], head.Answers);
        });
        offset = 0;
        var learnedHeads = new List<LearnedHead>();
        foreach (var (h, head) in heads.Index())
        {
            learnedHeads.Add(new LearnedHead(head.Name, offset, head.Answers, calibrations[h]));
            offset += head.Answers;
        }
        return new Lesson(
            new LinearModel(reader, vocabulary, LinearModel.Pack(learned, vocabulary.Count), [.. learnedHeads]), unseen, unseenAsked);
    }

    /// <summary>The model, and for every head and text the scores given by the part of the cross-validation that had not
    /// seen the text (empty where the text has no label); the same for what was asked, the answers of one after those of the other.</summary>
    public sealed record Lesson(LinearModel Model, float[][][] Unseen, float[][] UnseenAsked);

    /// <summary>A text to be scored, already normalised.</summary>
    /// <param name="Text">The number of the text it is part of, or holds.</param>
    /// <param name="Head">The one head it is asked of; all when null.</param>
    public readonly record struct Asked(string Normal, int Text, string? Head);

    private static uint[] KeysOf(FeatureReader reader, string normal)
    {
        var keys = new uint[reader.MostKeys(normal.Length)];
        return keys[..reader.Read(normal, keys)];
    }

    // By content, not by position: the same text always falls into the same part. Phrases are never held back: a text never
    // seen is sorted with all of them known.
    private static int[] PartsOf(IReadOnlyList<string> texts, int folds, int examples) =>
        [.. texts.Select((t, i) => folds < 2 ? 0 : i >= examples ? int.MaxValue : PartOf(t, folds))];

    /// <summary>The part (0 until <paramref name="folds"/>) a text belongs to.</summary>
    public static int PartOf(string text, int folds) => (int)(FeatureReader.KeyOf(text) % (uint)folds);

    // The features met often enough in the other parts, by which training without one part reads the texts. With all
    // features the part held back would be read better than a text never seen, and the probabilities come out too sure.
    private static bool[] KnownWithout(int fold, SparseRows rows, int[] part, int leastTexts)
    {
        var texts = new int[rows.Width];
        for (var i = 0; i < part.Length; i++)
            if (part[i] != fold)
                foreach (var column in rows.Columns(i)) texts[column]++;
        return Array.ConvertAll(texts, n => n >= leastTexts);
    }

    private static int[] ChosenRows(Head head, int[] part, int fold)
    {
        var chosen = new List<int>(part.Length);
        for (var i = 0; i < part.Length; i++)
            if (head.Labels[i] >= 0 && part[i] != fold) chosen.Add(i);
        return [.. chosen];
    }

    private static double[] CostOf(Head head, int[] chosen)
    {
        var counts = new double[head.Answers];
        foreach (var i in chosen) counts[head.Labels[i]]++;
        return Array.ConvertAll(counts, n =>
            head.Cost * Math.Pow(chosen.Length / (head.Answers * Math.Max(1, n)), head.Balance));
    }
}
