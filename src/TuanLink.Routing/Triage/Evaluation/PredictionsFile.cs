using System.Globalization;
using System.Text;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Writes predictions as a tab-separated file (id, truth, prediction, probability, and what a command adds), so
/// that anyone can count again. Without a path it writes nothing.</summary>
internal sealed class PredictionsFile : IDisposable
{
    private readonly StreamWriter? _writer;

    /// <exception cref="MalformedFile">The file cannot be written.</exception>
    public PredictionsFile(string? path, params string[] further)
    {
        if (path is null) return;
        try
        {
            _writer = new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" };
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new MalformedFile(path, 0, "the predictions cannot be written here");
        }
        _writer.WriteLine(string.Join('\t', (string[])["id", "truth", "prediction", "probability", .. further]));
    }

    public void Write(string id, string truth, string prediction, double probability, params string[] further) =>
        _writer?.WriteLine(string.Join('\t',
            (string[])[id, truth, prediction, probability.ToString("F4", CultureInfo.InvariantCulture), .. further]));

    public void Dispose() => _writer?.Dispose();
}
