using System.Runtime.Intrinsics;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>Weighs a row of numbers into the probabilities of a few answers: what each number says by itself and, with a hidden layer beside
/// that straight path, what some of them say only together (a word of death, and a game). Learned by seeded Adam steps (Kingma and Ba 2015)
/// over small batches: the same rows give the same weights.</summary>
internal sealed class SmallNetwork
{
    /// <summary>Answers, and hidden ones, come in vectors of this many; sums never cross lanes, so every machine comes to the same.</summary>
    public const int Lanes = 16;

    private const int MostHidden = 4 * Lanes, Batch = 128, LeastSteps = 250;
    private const float LastRate = 0.02f, Decay = 0.0003f;

    // A line per number of the row: to the answers, then to the hidden ones. Then a line per hidden one, to the answers.
    private readonly float[] _weights;
    private readonly int _answers, _hidden, _line, _out;

    /// <param name="weights">What <see cref="Weights"/> gave, or null for a network that has learned nothing: every answer is as likely.</param>
    /// <param name="width">How many numbers a row has.</param>
    /// <param name="answers">How many answers there are, at most <see cref="Lanes"/>.</param>
    /// <param name="hidden">How many hidden ones, in whole vectors; with none it is a multinomial logistic regression.</param>
    public SmallNetwork(float[]? weights, int width, int answers, int hidden)
    {
        (_answers, _hidden, _line) = (answers, hidden, Lanes + hidden);
        _out = width * _line;
        _weights = weights ?? new float[_out + hidden * Lanes];
    }

    /// <summary>A row to learn from: its numbers, its answer, and how much it counts beside the others.</summary>
    public sealed record Row(float[] Numbers, int Answer, float Share);

    public float[] Weights => _weights;

    /// <summary>Writes the probability of every answer (0..1, together 1).</summary>
    public void Probabilities(ReadOnlySpan<float> row, Span<float> probabilities)
    {
        Span<float> hidden = stackalloc float[MostHidden];
        Softmax(Forward(row, hidden[.._hidden]), probabilities[.._answers]);
    }

    /// <summary>Learns from rows.</summary>
    /// <param name="epochs">How often each row is looked at; oftener where there are few.</param>
    /// <param name="rate">How far the first steps go; the last go hardly anywhere.</param>
    public void Learn(IReadOnlyList<Row> rows, int epochs, float rate)
    {
        var chance = new Random(20_150_507);
        Begin(chance);
        var steps = new Adam(_weights);
        var gradient = new float[_weights.Length];
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var mean = rows.Count == 0 ? 1 : rows.Sum(r => (double)r.Share) / rows.Count;
        var batches = (rows.Count + Batch - 1) / Batch;
        var all = batches == 0 ? 0 : Math.Max(epochs, (LeastSteps + batches - 1) / batches) * batches;
        for (var done = 0; done < all;)
        {
            chance.Shuffle(order);
            foreach (var batch in order.Chunk(Batch))
            {
                Array.Clear(gradient);
                foreach (var i in batch) AddGradient(rows[i], (float)(rows[i].Share / mean / Batch), gradient);
                steps.Take(gradient, rate * (1 - (1 - LastRate) * ++done / all));
            }
        }
    }

    // Small and uneven, or all hidden ones would learn the same. The straight path begins at nothing.
    private void Begin(Random chance)
    {
        float Little(float most) => (2 * chance.NextSingle() - 1) * most;
        for (var line = 0; line < _out; line += _line)
            for (var h = Lanes; h < _line; h++) _weights[line + h] = Little(0.15f);
        for (var h = 0; h < _hidden; h++)
            for (var a = 0; a < _answers; a++) _weights[_out + h * Lanes + a] = Little(0.2f);
    }

    private Vector512<float> Forward(ReadOnlySpan<float> row, Span<float> hidden)
    {
        var sums = Vector512<float>.Zero;
        hidden.Clear();
        for (var (f, line) = (0, 0); f < row.Length; f++, line += _line)
            if (row[f] is not 0 and var value)
            {
                sums += Vector512.Create(_weights, line) * value;
                for (var h = 0; h < hidden.Length; h += Lanes)
                    (Vector512.Create<float>(hidden[h..]) + Vector512.Create(_weights, line + Lanes + h) * value).CopyTo(hidden[h..]);
            }
        for (var h = 0; h < hidden.Length; h++)
            if (hidden[h] > 0) sums += Vector512.Create(_weights, _out + h * Lanes) * hidden[h];
        return sums;
    }

    private void AddGradient(Row row, float share, float[] gradient)
    {
        Span<float> most = stackalloc float[MostHidden], errors = stackalloc float[Lanes];
        var hidden = most[.._hidden];
        errors.Clear();
        Softmax(Forward(row.Numbers, hidden), errors[.._answers]);
        errors[row.Answer] -= 1;
        for (var a = 0; a < _answers; a++) errors[a] *= share;
        var error = Vector512.Create<float>(errors);
        // From here on a hidden one holds how much of the error comes from it.
        for (var h = 0; h < _hidden; h++)
        {
            var line = _out + h * Lanes;
            var told = 0f;
            if (hidden[h] > 0)
            {
                Add(gradient, line, error * hidden[h]);
                for (var a = 0; a < _answers; a++) told += _weights[line + a] * errors[a];
            }
            hidden[h] = told;
        }
        for (var (f, line) = (0, 0); f < row.Numbers.Length; f++, line += _line)
            if (row.Numbers[f] is not 0 and var value)
            {
                Add(gradient, line, error * value);
                for (var h = 0; h < _hidden; h += Lanes) Add(gradient, line + Lanes + h, Vector512.Create<float>(hidden[h..]) * value);
            }
    }

    private static void Add(float[] sums, int at, Vector512<float> more) => (Vector512.Create(sums, at) + more).CopyTo(sums, at);

    private static void Softmax(Vector512<float> sums, Span<float> probabilities)
    {
        var highest = sums[0];
        for (var a = 1; a < probabilities.Length; a++) highest = MathF.Max(highest, sums[a]);
        var total = 0f;
        for (var a = 0; a < probabilities.Length; a++) total += probabilities[a] = MathF.Exp(sums[a] - highest);
        for (var a = 0; a < probabilities.Length; a++) probabilities[a] /= total;
    }

    private sealed class Adam(float[] weights)
    {
        private readonly float[] _mean = new float[weights.Length], _square = new float[weights.Length];
        private float _meanLeft = 1, _squareLeft = 1;

        public void Take(float[] gradient, float rate)
        {
            _meanLeft *= 0.9f;
            _squareLeft *= 0.999f;
            var (step, scale) = (rate / (1 - _meanLeft), 1 / (1 - _squareLeft));
            for (var w = 0; w < weights.Length; w += Lanes)
            {
                var weight = Vector512.Create(weights, w);
                var g = Vector512.Create(gradient, w) + weight * Decay;
                var mean = Vector512.Create(_mean, w) * 0.9f + g * 0.1f;
                var square = Vector512.Create(_square, w) * 0.999f + g * g * 0.001f;
                mean.CopyTo(_mean, w);
                square.CopyTo(_square, w);
                (weight - mean * step / (Vector512.Sqrt(square * scale) + Vector512.Create(1e-7f))).CopyTo(weights, w);
            }
        }
    }
}
