namespace TuanLink.Routing.Triage.Learning;

/// <summary>Texts as sparse vectors of length one, packed: row i holds Columns and Values from Starts[i] to Starts[i+1]; what lies behind the
/// last start is unused.</summary>
internal sealed class SparseRows(int[] starts, int[] columns, float[] values, int width)
{
    public int Count => starts.Length - 1;
    public int Width => width;
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);
    public ReadOnlySpan<float> AllValues => values;

    /// <summary>What of values that lie like these belongs to a row.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> all, int row) => all[starts[row]..starts[row + 1]];
    public Span<float> Of(Span<float> all, int row) => all[starts[row]..starts[row + 1]];

    public ReadOnlySpan<float> Values(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Weighs the texts' keys by the vocabulary and scales each text to length one.</summary>
    public static SparseRows Weigh(IReadOnlyList<uint[]> texts, Vocabulary vocabulary, FeatureSettings settings)
    {
        var starts = new int[texts.Count + 1];
        var most = texts.Sum(t => t.Length);
        var (columns, values) = (new int[most], new float[most]);
        var at = 0;
        var counts = new int[vocabulary.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            var first = at;
            foreach (var key in texts[i])
            {
                var row = vocabulary.RowOf(key);
                if (row >= 0 && counts[row]++ == 0) columns[at++] = row;
            }
            var squares = 0f;
            for (var j = first; j < at; j++)
            {
                var row = columns[j];
                var value = vocabulary.Weights[row] * settings.RepeatWeight(counts[row]);
                counts[row] = 0;
                values[j] = value;
                squares += value * value;
            }
            var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
            for (var j = first; j < at; j++) values[j] *= scale;
            starts[i + 1] = at;
        }
        return new SparseRows(starts, columns, values, vocabulary.Count);
    }

    /// <summary>The same texts with only some columns, each scaled to length one again.</summary>
    public SparseRows Keep(bool[] kept)
    {
        var newStarts = new int[starts.Length];
        var (newColumns, newValues) = (new int[columns.Length], new float[columns.Length]);
        var at = 0;
        for (var i = 0; i < Count; i++)
        {
            var squares = 0f;
            for (var j = starts[i]; j < starts[i + 1]; j++)
            {
                if (!kept[columns[j]]) continue;
                newColumns[at] = columns[j];
                newValues[at++] = values[j];
                squares += values[j] * values[j];
            }
            var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
            for (var j = newStarts[i]; j < at; j++) newValues[j] *= scale;
            newStarts[i + 1] = at;
        }
        return new SparseRows(newStarts, newColumns, newValues, width);
    }
}
