namespace TuanLink.Routing.Triage;

/// <summary>A file that cannot be read as what it should be; the message names file, line and what is wrong.</summary>
public sealed class MalformedFile(string file, int line, string problem)
    : Exception(line > 0 ? $"{file}, line {line}: {problem}" : $"{file}: {problem}")
{
    public string File { get; } = file;

    /// <summary>1-based; 0 when the file as a whole is at fault.</summary>
    public int Line { get; } = line;
}
