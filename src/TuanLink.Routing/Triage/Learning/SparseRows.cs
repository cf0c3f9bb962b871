namespace TuanLink.Routing.Triage.Learning;

/// <summary>Texts as sparse vectors of length one, packed: row i holds Columns and Values from Starts[i] to Starts[i+1]; what lies behind the
/// last start is unused.</summary>
internal sealed class SparseRows(int[] starts, int[] columns, float[] values, int width)
{
    public int Count => starts.Length - 1;
    public int Width => width;
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);
    public ReadOnlySpan<float> Values(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Weighs the texts' keys by the vocabulary and scales each text to length one.</summary>
    /// <param name="known">Of each text the columns it is read by; all when null.</param>
    public static SparseRows Weigh(IReadOnlyList<uint[]> texts, Vocabulary vocabulary, FeatureSettings settings, Func<int, bool[]>? known = null)
    {
        var starts = new int[texts.Count + 1];
        for (var i = 0; i < texts.Count; i++) starts[i + 1] = starts[i] + texts[i].Length;
        var (columns, values, lengths) = (new int[starts[^1]], new float[starts[^1]], new int[texts.Count]);
        InTwo.Parts(half =>
        {
            var counts = new int[vocabulary.Count];
            for (var i = half * (texts.Count / 2); i < (half == 0 ? texts.Count / 2 : texts.Count); i++)
                lengths[i] = Weigh(texts[i], vocabulary, settings, known?.Invoke(i), counts, columns.AsSpan(starts[i]), values.AsSpan(starts[i]));
            return half;
        });
        // Each text has fewer columns than keys: closed up.
        var at = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            Array.Copy(columns, starts[i], columns, at, lengths[i]);
            Array.Copy(values, starts[i], values, at, lengths[i]);
            starts[i] = at;
            at += lengths[i];
        }
        starts[^1] = at;
        return new SparseRows(starts, columns, values, vocabulary.Count);
    }

    private static int Weigh(uint[] text, Vocabulary vocabulary, FeatureSettings settings, bool[]? known, int[] counts, Span<int> columns, Span<float> values)
    {
        var length = 0;
        foreach (var key in text)
        {
            var row = vocabulary.RowOf(key);
            if (row >= 0 && (known is null || known[row]) && counts[row]++ == 0) columns[length++] = row;
        }
        var squares = 0f;
        for (var j = 0; j < length; j++)
        {
            var row = columns[j];
            var value = vocabulary.Weights[row] * settings.RepeatWeight(counts[row]);
            counts[row] = 0;
            values[j] = value;
            squares += value * value;
        }
        var scale = squares > 0 ? 1f / MathF.Sqrt(squares) : 0f;
        for (var j = 0; j < length; j++) values[j] *= scale;
        return length;
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
