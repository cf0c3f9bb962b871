using System.Text;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>Reads a UTF-8 file of tab-separated lines with a header. No quoting: a quote is a quote.</summary>
internal static class TabbedFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>One line: its number and its values by the order asked for.</summary>
    internal readonly record struct Line(string File, int Number, string[] Values)
    {
        public MalformedFile Wrong(string problem) => new(File, Number, problem);
    }

    /// <summary>The lines of a file, with the named columns in the order asked. Other columns are ignored; a name ending
    /// in ? may be missing, in the header or at the end of a line (then empty). Empty lines and lines starting with # are skipped.</summary>
    /// <exception cref="MalformedFile">The file is missing, not UTF-8, lacks a column, or a line is too short.</exception>
    public static IEnumerable<Line> Read(string path, params string[] columns) => Read(path, true, columns);

    /// <summary>The same for files of others, in which a line may well begin with #.</summary>
    public static IEnumerable<Line> ReadPlain(string path, params string[] columns) => Read(path, false, columns);

    private static IEnumerable<Line> Read(string path, bool comments, string[] columns)
    {
        bool IsSkipped(string line) => string.IsNullOrWhiteSpace(line) || (comments && line[0] == '#');
        var lines = AllLines(path);
        var headerAt = Array.FindIndex(lines, l => !IsSkipped(l));
        if (headerAt < 0) throw new MalformedFile(path, 0, "the file is empty");
        var header = Array.ConvertAll(lines[headerAt].Split('\t'), name => name.Trim().ToLowerInvariant());
        var places = Array.ConvertAll(columns, column =>
        {
            var place = Array.IndexOf(header, column.TrimEnd('?'));
            if (place < 0 && !column.EndsWith('?'))
                throw new MalformedFile(path, headerAt + 1, $"the header has no column \"{column}\"");
            return place;
        });
        var needed = places.Where((_, c) => !columns[c].EndsWith('?')).Max() + 1;
        for (var i = headerAt + 1; i < lines.Length; i++)
        {
            if (IsSkipped(lines[i])) continue;
            var values = lines[i].Split('\t');
            if (values.Length < needed)
                throw new MalformedFile(path, i + 1, $"{values.Length} columns where {needed} are needed");
            yield return new Line(path, i + 1, Array.ConvertAll(places, p => p < 0 || p >= values.Length ? "" : values[p]));
        }
    }

    /// <summary>All lines of a UTF-8 file.</summary>
    public static string[] AllLines(string path)
    {
        if (!File.Exists(path)) throw new MalformedFile(path, 0, "the file does not exist");
        try
        {
            var text = StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
            return text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedFile(path, 0, "the file is not UTF-8");
        }
    }
}
