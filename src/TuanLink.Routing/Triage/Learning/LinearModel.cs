using System.Runtime.Intrinsics;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>The learned weights of all heads, a row per feature, and the reading that goes with them. Thread safe.</summary>
internal sealed class LinearModel
{
    // Messages beyond this say nothing new about their topic; it also bounds the work a hostile text can cause.
    public const int LongestText = 4000;

    // Outputs worked at a time; every row is whole ones.
    private const int Lanes = 16;

    private readonly PackedWeights _weights;

    [ThreadStatic] private static Scratch? _scratch;

    public LinearModel(FeatureReader reader, Vocabulary vocabulary, PackedWeights weights, LearnedHead[] heads)
    {
        (Reader, Vocabulary, _weights, Heads) = (reader, vocabulary, weights, heads);
        Outputs = heads.Sum(h => h.Answers);
        Stride = StrideOf(Outputs);
    }

    public FeatureReader Reader { get; }
    public Vocabulary Vocabulary { get; }
    public LearnedHead[] Heads { get; }
    public int Outputs { get; }
    public int Stride { get; }
    public PackedWeights Weights => _weights;

    /// <summary>Bytes the learned numbers take.</summary>
    public long Size => (long)_weights.Rows.Length * sizeof(ushort) + (long)_weights.Biases.Length * sizeof(float) + (long)Vocabulary.Count * (sizeof(uint) + sizeof(float));

    /// <summary>The same model, stating its certainty otherwise.</summary>
    public LinearModel StatedBy(LearnedHead[] heads) => new(Reader, Vocabulary, _weights, heads);

    public LearnedHead Head(string name) => Heads.Single(h => h.Name == name);

    /// <summary>Scores of all heads for a raw text; <paramref name="scores"/> holds at least <see cref="Stride"/>.</summary>
    public void Score(ReadOnlySpan<char> text, Span<float> scores)
    {
        var scratch = _scratch ??= new Scratch();
        if (text.Length > LongestText) text = text[..LongestText];
        var normal = scratch.Characters(text.Length);
        ScoreNormal(normal[..TextNormaliser.Normalise(text, normal)], scores);
    }

    /// <summary>The same for a text already normalised.</summary>
    public void ScoreNormal(ReadOnlySpan<char> normal, Span<float> scores) => ScoreNormal(normal, scores, 0, Stride);

    /// <summary>The same, of one head alone; the others' scores are undefined then.</summary>
    public void ScoreNormal(ReadOnlySpan<char> normal, Span<float> scores, LearnedHead only) =>
        ScoreNormal(normal, scores, only.Offset / Lanes * Lanes, (only.Offset + only.Answers + Lanes - 1) / Lanes * Lanes);

    private void ScoreNormal(ReadOnlySpan<char> normal, Span<float> scores, int from, int until)
    {
        var scratch = _scratch ??= new Scratch();
        var keys = scratch.Keys(Reader.MostKeys(normal.Length));
        keys = keys[..Reader.Read(normal, keys)];
        var rows = scratch.Rows(keys.Length);
        var counts = scratch.Counts(Vocabulary.Count);
        var found = 0;
        foreach (var key in keys)
        {
            var row = Vocabulary.RowOf(key);
            if (row >= 0 && counts[row]++ == 0) rows[found++] = row;
        }
        scores[..Stride].Clear();
        var squares = 0f;
        foreach (var row in rows[..found])
        {
            var value = Vocabulary.Weights[row] * Reader.Settings.RepeatWeight(counts[row]);
            counts[row] = 0;
            squares += value * value;
            AddScaled(scores, row * Stride, value, from, until);
        }
        var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
        for (var c = from; c < until; c++) scores[c] = scores[c] * scale + _weights.Biases[c];
    }

    private void AddScaled(Span<float> scores, int start, float value, int from, int until)
    {
        for (var c = from; c < until; c += Lanes)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create<ushort>(_weights.Rows.AsSpan(start + c, Lanes)));
            var first = scores.Slice(c, 8);
            var second = scores.Slice(c + 8, 8);
            (Vector256.Create<float>(first) + Vector256.ShiftLeft(lower, 16).AsSingle() * value).CopyTo(first);
            (Vector256.Create<float>(second) + Vector256.ShiftLeft(upper, 16).AsSingle() * value).CopyTo(second);
        }
    }

    /// <summary>Probabilities of one head from the scores of all.</summary>
    public static void Probabilities(LearnedHead head, ReadOnlySpan<float> scores, Span<float> probabilities) =>
        head.Calibration.Apply(scores.Slice(head.Offset, head.Answers), probabilities);

    /// <summary>The weight of one feature for one output, or 0 where the feature is unknown.</summary>
    public float WeightOf(uint key, int output)
    {
        var row = Vocabulary.RowOf(key);
        return row < 0 ? 0 : PackedWeights.Wide(_weights.Rows[row * Stride + output]) * Vocabulary.Weights[row];
    }

    private static int StrideOf(int outputs) => (outputs + Lanes - 1) / Lanes * Lanes;

    /// <summary>Lays the outputs' weights side by side, a row per feature; the last number of each output is its bias.</summary>
    public static PackedWeights Pack(float[][] outputs, int rows)
    {
        var stride = StrideOf(outputs.Length);
        var packed = new PackedWeights(new ushort[rows * stride], new float[stride]);
        for (var output = 0; output < outputs.Length; output++)
        {
            for (var row = 0; row < rows; row++) packed.Rows[row * stride + output] = PackedWeights.Narrow(outputs[output][row]);
            packed.Biases[output] = outputs[output][rows];
        }
        return packed;
    }

    // Buffers a thread keeps, so that sorting a message allocates nothing here.
    private sealed class Scratch
    {
        private char[] _characters = [];
        private uint[] _keys = [];
        private int[] _rows = [];
        private ushort[] _counts = [];

        public Span<char> Characters(int length) => Grow(ref _characters, length);
        public Span<uint> Keys(int length) => Grow(ref _keys, length);
        public Span<int> Rows(int length) => Grow(ref _rows, length);
        public Span<ushort> Counts(int length) => Grow(ref _counts, length);

        private static T[] Grow<T>(ref T[] buffer, int length) =>
            buffer.Length >= length ? buffer : buffer = new T[length + length / 2 + 64];
    }
}
