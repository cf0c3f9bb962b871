using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learns one <see cref="LinearModel"/> that answers several heads from one reading of a text.</summary>
internal static class LinearLearner
{
    // A slope and a few shifts are not told better by more texts than these, taken evenly.
    private const int MostToFit = 4000;

    /// <param name="texts">The training texts, raw.</param>
    /// <param name="heads">The questions, each with a label per text.</param>
    /// <param name="settings">What to read.</param>
    /// <param name="examples">How many of the texts, from the first, are real messages: probabilities are fitted on these,
    /// for words and phrases teach but are easier than life. All when null.</param>
    /// <param name="asked">What teaches nothing but is scored as well, by the part of the learner that had not seen the text it comes from;
    /// none when null.</param>
    /// <param name="tolerance">How far from the best the steps may end.</param>
    /// <param name="folds">Parts for the cross-validation that fits the probabilities; below 2, none is fitted.</param>
    public static Lesson Learn(IReadOnlyList<string> texts, IReadOnlyList<Head> heads, FeatureSettings settings,
        int folds = 3, int? examples = null, IReadOnlyList<Asked>? asked = null, double tolerance = DualCoordinateDescent.Tolerance)
    {
        var reader = new FeatureReader(settings);
        var keys = InTwo.Of(texts, text => KeysOf(reader, TextNormaliser.Normalise(text)));
        var vocabulary = Vocabulary.Learn(keys, settings.LeastTexts);
        var all = SparseRows.Weigh(keys, vocabulary, settings);
        var part = PartsOf(texts, folds, examples ?? texts.Count);
        var whole = View.Of(all, heads, part, -1);
        var views = Without(whole, heads, part, folds < 2 ? 0 : folds, settings.LeastTexts);
        asked ??= [];
        // Each is scored by one part alone, and read by the features which that part knows.
        var askedRows = SparseRows.Weigh(InTwo.Of(asked, a => KeysOf(reader, a.Normal)), vocabulary, settings, i => views[part[asked[i].Text]].Known);

        var offsets = heads.Select((_, h) => heads.Take(h).Sum(head => head.Answers)).ToArray();
        var learned = new float[heads.Sum(head => head.Answers)][];
        var unseen = heads.Select(head => Array.ConvertAll(head.Labels, label => label >= 0 ? new float[head.Answers] : [])).ToArray();
        var unseenAsked = heads.Select(head => new float[asked.Count * head.Answers]).ToArray();
        // Every answer of every head is a problem of its own, learned from all and without each part.
        var problems = heads.Index().SelectMany(h => Enumerable.Range(0, h.Item.Answers).SelectMany(answer => views.Prepend(whole).Select(view => (Head: h.Index, Answer: answer, View: view)))).ToArray();
        Parallel.ForEach(problems, InTwo.Threads, problem =>
        {
            var (h, answer, view) = problem;
            var head = heads[h];
            // what only fits probabilities need not be exact
            var weights = Separate(head, h, answer, view, settings, view == whole ? tolerance : 2 * tolerance);
            if (view == whole)
            {
                learned[offsets[h] + answer] = weights;
                return;
            }
            for (var i = 0; i < part.Length; i++)
                if (part[i] == view.Part && head.Labels[i] >= 0)
                    unseen[h][i][answer] = DualCoordinateDescent.ScoreOf(view.Rows, i, weights);
            for (var i = 0; i < asked.Count; i++)
                if (part[asked[i].Text] == view.Part && (asked[i].Head ?? head.Name) == head.Name)
                    unseenAsked[h][i * head.Answers + answer] = DualCoordinateDescent.ScoreOf(askedRows, i, weights);
        });

        var calibrations = InTwo.Of([.. heads.Index()], h => views.Length == 0 ? new Calibration(3, new float[h.Item.Answers]) : Fitted(h.Item, unseen[h.Index], examples ?? texts.Count));
        LearnedHead[] answered = [.. heads.Select((head, h) => new LearnedHead(head.Name, offsets[h], head.Answers, calibrations[h]))];
        return new Lesson(new LinearModel(reader, vocabulary, LinearModel.Pack(learned, vocabulary.Count), answered), unseen, unseenAsked);
    }

    private static float[] Separate(Head head, int h, int answer, View view, FeatureSettings settings, double tolerance)
    {
        bool Positive(int i) => head.Labels[i] == answer;
        var chosen = view.Chosen[h];
        var squares = BayesRatios.Squared(view.Rows, view.Wholes[h], Array.FindAll(chosen, Positive), settings.BayesPower);
        var cost = CostOf(head, chosen);
        return DualCoordinateDescent.Learn(view.Rows, chosen, Positive, squares, i => cost[head.Labels[i]], tolerance);
    }

    private static Calibration Fitted(Head head, float[][] unseen, int examples)
    {
        var taught = Enumerable.Range(0, examples).Where(i => head.Labels[i] >= 0).ToArray();
        if (taught.Length > MostToFit) taught = [.. Enumerable.Range(0, MostToFit).Select(i => taught[(long)i * taught.Length / MostToFit])];
        return Calibration.Fit([.. taught.Select(i => unseen[i])], [.. taught.Select(i => head.Labels[i])], head.Answers);
    }

    /// <summary>What can be learned from: everything (part -1), or everything but one part, read by the features the rest knows.</summary>
    /// <param name="Known">Which columns are kept.</param>
    /// <param name="Chosen">For each head, the rows that teach it.</param>
    /// <param name="Wholes">For each head, what these rows hold together.</param>
    private sealed record View(int Part, SparseRows Rows, bool[] Known, int[][] Chosen, BayesRatios.Whole[] Wholes)
    {
        public static View Of(SparseRows rows, IReadOnlyList<Head> heads, int[] part, int without, bool[]? known = null)
        {
            int[][] chosen = [.. heads.Select(head => Enumerable.Range(0, part.Length).Where(i => head.Labels[i] >= 0 && part[i] != without).ToArray())];
            return new View(without, rows, known ?? [], chosen, Array.ConvertAll(chosen, c => BayesRatios.Whole.Of(rows, c)));
        }
    }

    private static View[] Without(View whole, IReadOnlyList<Head> heads, int[] part, int folds, int leastTexts) =>
        InTwo.Of([.. Enumerable.Range(0, folds)], f =>
        {
            var known = KnownWithout(f, whole.Rows, part, leastTexts);
            return View.Of(whole.Rows.Keep(known), heads, part, f, known);
        });

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

    private static double[] CostOf(Head head, int[] chosen)
    {
        var counts = new double[head.Answers];
        foreach (var i in chosen) counts[head.Labels[i]]++;
        return Array.ConvertAll(counts, n =>
            head.Cost * Math.Pow(chosen.Length / (head.Answers * Math.Max(1, n)), head.Balance));
    }
}
