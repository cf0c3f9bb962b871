using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learns one <see cref="LinearModel"/> that answers several heads from one reading of a text.</summary>
internal static class LinearLearner
{
    /// <summary>Two, so that a service that starts leaves the machine something; the result does not depend on it.</summary>
    private const int Threads = 2;

    // A slope and a few shifts are not told better by more texts than these, taken evenly.
    private const int MostToFit = 6000;

    /// <param name="texts">The training texts, raw.</param>
    /// <param name="heads">The questions, each with a label per text.</param>
    /// <param name="settings">What to read.</param>
    /// <param name="examples">How many of the texts, from the first, are real messages: probabilities are fitted on these,
    /// for words and phrases teach but are easier than life. All when null.</param>
    /// <param name="pieces">Parts of the texts (already normalised, each with the number of its text), which teach nothing but are
    /// scored as well by the part of the learner that had not seen their text; none when null.</param>
    /// <param name="folds">Parts for the cross-validation that fits the probabilities; below 2, none is fitted.</param>
    public static Lesson Learn(IReadOnlyList<string> texts, IReadOnlyList<Head> heads, FeatureSettings settings,
        int folds = 3, int? examples = null, IReadOnlyList<(string Normal, int Text)>? pieces = null)
    {
        var reader = new FeatureReader(settings);
        var keys = InParallel([.. texts], text => ReadKeys(reader, text));
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
        pieces ??= [];
        var unseenPieces = heads.Select(head => new float[pieces.Count * head.Answers]).ToArray();
        foreach (var (h, head) in heads.Index())
        {
            for (var i = 0; i < head.Labels.Length; i++) unseen[h][i] = head.Labels[i] >= 0 ? new float[head.Answers] : [];
        }
        var part = PartsOf(texts, folds, examples ?? texts.Count);
        var known = InParallel([.. Enumerable.Range(0, folds < 2 ? 0 : folds)], f => KnownWithout(f, all, part, settings.LeastTexts));
        var partly = InParallel(known, all.Keep);
        var cut = SparseRows.Weigh(InParallel([.. pieces], p => KeysOf(reader, p.Normal)), vocabulary, settings);
        var partlyCut = InParallel(known, cut.Keep);
        Parallel.ForEach(tasks, Options, () => new float[all.AllValues.Length], (task, _, room) =>
        {
            var head = heads[task.Head];
            var rows = task.Fold < 0 ? all : partly[task.Fold];
            var chosen = ChosenRows(head, part, task.Fold);
            bool Positive(int i) => head.Labels[i] == task.Answer;
            var scale = settings.BayesPower > 0 ? BayesRatios.Of(rows, chosen, Positive, settings.BayesPower) : null;
            var cost = CostOf(head, chosen);
            var weights = DualCoordinateDescent.Learn(rows, chosen, Positive, scale, i => cost[head.Labels[i]], room,
                // what only fits probabilities need not be exact
                task.Fold < 0 ? DualCoordinateDescent.Tolerance : 2 * DualCoordinateDescent.Tolerance);
            if (task.Fold < 0) { learned[task.Output] = weights; return room; }
            for (var i = 0; i < part.Length; i++)
                if (part[i] == task.Fold && head.Labels[i] >= 0)
                    unseen[task.Head][i][task.Answer] = DualCoordinateDescent.ScoreOf(rows, i, weights);
            for (var i = 0; i < pieces.Count; i++)
                if (part[pieces[i].Text] == task.Fold)
                    unseenPieces[task.Head][i * head.Answers + task.Answer] = DualCoordinateDescent.ScoreOf(partlyCut[task.Fold], i, weights);
            return room;
        }, _ => { });

        var calibrations = InParallel([.. heads.Index()], of =>
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
            new LinearModel(reader, vocabulary, LinearModel.Pack(learned, vocabulary.Count), [.. learnedHeads]), unseen, unseenPieces);
    }

    /// <summary>The model, and for every head and text the scores given by the part of the cross-validation that had not
    /// seen the text (empty where the text has no label); the same for the pieces, by every head,
    /// the answers of one piece after those of the other.</summary>
    public sealed record Lesson(LinearModel Model, float[][][] Unseen, float[][] UnseenPieces);

    private static ParallelOptions Options => new() { MaxDegreeOfParallelism = Threads };

    private static TOut[] InParallel<TIn, TOut>(TIn[] given, Func<TIn, TOut> make)
    {
        var made = new TOut[given.Length];
        Parallel.For(0, given.Length, Options, i => made[i] = make(given[i]));
        return made;
    }

    private static uint[] ReadKeys(FeatureReader reader, string text) => KeysOf(reader, TextNormaliser.Normalise(text));

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
