using System.Numerics;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>The learned weights of all heads, a row per feature, and the reading that goes with them. Thread safe.</summary>
internal sealed class LinearModel
{
    // Messages beyond this say nothing new about their topic; it also bounds the work a hostile text can cause.
    public const int LongestText = 4000;

    private readonly float[] _weights; // rows × Stride, the last row the biases

    [ThreadStatic] private static Scratch? _scratch;

    public LinearModel(FeatureReader reader, Vocabulary vocabulary, float[] weights, LearnedHead[] heads)
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
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Bytes the learned numbers take.</summary>
    public long Size => (long)_weights.Length * sizeof(float) + (long)Vocabulary.Count * (sizeof(uint) + sizeof(float));

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
    public void ScoreNormal(ReadOnlySpan<char> normal, Span<float> scores, LearnedHead only)
    {
        var width = Vector<float>.Count;
        ScoreNormal(normal, scores, only.Offset / width * width, (only.Offset + only.Answers + width - 1) / width * width);
    }

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
        var biases = _weights.AsSpan(Vocabulary.Count * Stride, Stride);
        for (var c = from; c < until; c++) scores[c] = scores[c] * scale + biases[c];
    }

    private void AddScaled(Span<float> scores, int start, float value, int from, int until)
    {
        var width = Vector<float>.Count;
        var factor = new Vector<float>(value);
        for (var c = from; c < until; c += width)
        {
            var sum = new Vector<float>(scores[c..]) + factor * new Vector<float>(_weights.AsSpan(start + c));
            sum.CopyTo(scores[c..]);
        }
    }

    /// <summary>Probabilities of one head from the scores of all.</summary>
    public static void Probabilities(LearnedHead head, ReadOnlySpan<float> scores, Span<float> probabilities) =>
        head.Calibration.Apply(scores.Slice(head.Offset, head.Answers), probabilities);

    /// <summary>The weight of one feature for one output, or 0 where the feature is unknown.</summary>
    public float WeightOf(uint key, int output)
    {
        var row = Vocabulary.RowOf(key);
        return row < 0 ? 0 : _weights[row * Stride + output] * Vocabulary.Weights[row];
    }

    // Rounded up so that every row is whole vectors, whatever the machine's vector width up to 512 bits.
    private static int StrideOf(int outputs) => (outputs + 15) / 16 * 16;

    /// <summary>Lays the outputs' weights side by side, a row per feature.</summary>
    public static float[] Pack(float[][] outputs, int rows)
    {
        var stride = StrideOf(outputs.Length);
        var packed = new float[(rows + 1) * stride];
        for (var output = 0; output < outputs.Length; output++)
            for (var row = 0; row <= rows; row++) packed[row * stride + output] = outputs[output][row];
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
