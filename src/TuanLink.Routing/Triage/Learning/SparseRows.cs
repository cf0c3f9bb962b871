namespace TuanLink.Routing.Triage.Learning;

/// <summary>Texts as sparse vectors of length one, packed: row i holds Columns and Values from Starts[i] to Starts[i+1].</summary>
internal sealed class SparseRows(int[] starts, int[] columns, float[] values, int width)
{
    public int Count => starts.Length - 1;
    public int Width => width;
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);
    public ReadOnlySpan<float> Values(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Weighs the texts' keys by the vocabulary and scales each text to length one.</summary>
    public static SparseRows Weigh(IReadOnlyList<uint[]> texts, Vocabulary vocabulary, FeatureSettings settings)
    {
        var starts = new int[texts.Count + 1];
        var columns = new List<int>(texts.Sum(t => t.Length));
        var values = new List<float>(columns.Capacity);
        var counts = new int[vocabulary.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            var first = columns.Count;
            foreach (var key in texts[i])
            {
                var row = vocabulary.RowOf(key);
                if (row >= 0 && counts[row]++ == 0) columns.Add(row);
            }
            var squares = 0f;
            for (var j = first; j < columns.Count; j++)
            {
                var row = columns[j];
                var value = vocabulary.Weights[row] * settings.RepeatWeight(counts[row]);
                counts[row] = 0;
                values.Add(value);
                squares += value * value;
            }
            var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
            for (var j = first; j < values.Count; j++) values[j] *= scale;
            starts[i + 1] = columns.Count;
        }
        return new SparseRows(starts, [.. columns], [.. values], vocabulary.Count);
    }

    /// <summary>The same texts with only some columns, each scaled to length one again.</summary>
    public SparseRows Keep(bool[] kept)
    {
        var newStarts = new int[starts.Length];
        var newColumns = new List<int>(columns.Length);
        var newValues = new List<float>(columns.Length);
        for (var i = 0; i < Count; i++)
        {
            var squares = 0f;
            for (var j = starts[i]; j < starts[i + 1]; j++)
            {
                if (!kept[columns[j]]) continue;
                newColumns.Add(columns[j]);
                newValues.Add(values[j]);
                squares += values[j] * values[j];
            }
            var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
            for (var j = newStarts[i]; j < newValues.Count; j++) newValues[j] *= scale;
            newStarts[i + 1] = newColumns.Count;
        }
        return new SparseRows(newStarts, [.. newColumns], [.. newValues], width);
    }
}
