using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels;

/// <summary>
/// Remembers, from the moment a channel took words until the database says so, that they were sent: a line a word in a file beside the
/// database, written without waiting for the disk. A process that is killed in between finds the line at its next start and notes the
/// words instead of sending them again; so it does in the same process when a note could not be written. A loss of power may take lines
/// with it: then words go out again under the same id, as without a journal. Only for SQLite's one process; nodes that share a PostgreSQL
/// have their lease. A journal that cannot be written costs a warning and nothing else.
/// </summary>
public sealed class SentJournal(IDbContextFactory<RoutingDb> databases, IOptions<DatabaseOptions> options, ILogger<SentJournal> log) : IDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "sent.journal";

    /// <summary>Words sent and not noted, at most; what is sent beyond them is not kept. Some hundred are on their way at once.</summary>
    public const int Most = 5000;

    /// <summary>Bytes from which on what is noted is taken out of the file.</summary>
    public const int Long = 64 * 1024;

    /// <summary>No channel's name of an activity is longer; one that is, is not kept.</summary>
    private const int LongestName = 200;

    private readonly string _path = Path.Combine(options.Value.Folder, FileName);
    private readonly bool _isKept = options.Value.Engine == Engine.Sqlite;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Line> _unnoted = [];
    private FileStream? _file;
    private long _shortenAt = Long;

    /// <summary>Reads what the last process left, and keeps what is still owed of it. Before anything is sent.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        if (!_isKept)
            return;
        List<(long Id, Line Line)> left = Left();
        if (left.Count > 0)
        {
            List<long> ids = left.ConvertAll(l => l.Id);
            await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
            Dictionary<long, OutboxMessage> owed = await db.Outbox.AsNoTracking().Where(o => ids.Contains(o.Id) && o.State == Delivery.Queued).ToDictionaryAsync(o => o.Id, cancel);
            foreach ((long id, Line line) in left)
                if (owed.TryGetValue(id, out OutboxMessage? words) && words.CreatedAt.UtcTicks == line.CreatedAt)
                    _unnoted[id] = line with { ConversationId = words.ConversationId };
        }
        if (_unnoted.Count > 0)
            log.LogInformation("{Count} words had been sent when the last process ended; they are noted, not sent again.", _unnoted.Count);
        lock (_lock)
            Try(Shorten);
    }

    /// <summary>Whether a channel has taken these words already and they only want noting.</summary>
    public bool WasSent(OutboxMessage owed)
    {
        lock (_lock)
        {
            // Beside the id, for a database put back from a copy gives the same ids to other words.
            if (!_unnoted.TryGetValue(owed.Id, out Line line) || line.CreatedAt != owed.CreatedAt.UtcTicks)
                return false;
            owed.SentAs ??= line.SentAs;
            return true;
        }
    }

    /// <summary>The words of a conversation that a channel took and the database does not know to be sent yet.</summary>
    public List<long> UnnotedOf(long conversationId)
    {
        lock (_lock)
            return [.. _unnoted.Where(line => line.Value.ConversationId == conversationId).Select(line => line.Key)];
    }

    /// <summary>A channel has just taken these words.</summary>
    public void Keep(OutboxMessage owed)
    {
        if (!_isKept)
            return;
        var line = new Line(owed.CreatedAt.UtcTicks, owed.SentAs is { Length: <= LongestName } name ? name : null) { ConversationId = owed.ConversationId };
        lock (_lock)
        {
            if (_unnoted.Count >= Most)
                return;
            _unnoted[owed.Id] = line;
            Try(() => Append(owed.Id, line));
        }
    }

    /// <summary>What came of these words stands in the database.</summary>
    public void Noted(IEnumerable<long> ids)
    {
        lock (_lock)
        {
            foreach (long id in ids)
                _unnoted.Remove(id);
            // While nothing wants noting, nothing is worth keeping.
            if (_unnoted.Count == 0 && _file is { Length: > 0 })
                Try(() => _file.SetLength(0));
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    // A line that a kill tore, or a loss of power filled with anything else, is none.
    private List<(long Id, Line Line)> Left()
    {
        var left = new List<(long, Line)>();
        try
        {
            string text = File.Exists(_path) ? File.ReadAllText(_path, Encoding.ASCII) : "";
            int end = text.LastIndexOf('\n');
            foreach (string line in text[..(end + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (line.Split(' ') is [var id, var at, var name] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                    && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks))
                    left.Add((number, new(ticks, name.Length > 0 ? Uri.UnescapeDataString(name) : null)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The journal of sent words cannot be read ({Problem}); what it held may be sent again.", e.Message);
        }
        return left;
    }

    private void Append(long id, Line line)
    {
        if (_file is null)
            return;
        _file.Seek(0, SeekOrigin.End);
        _file.Write(line.Bytes(id));
        if (_file.Position > _shortenAt)
            Shorten();
    }

    // A new file in the place of the old: at no moment is there none.
    private void Shorten()
    {
        string shorter = _path + ".new";
        var file = new FileStream(shorter, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write([.. _unnoted.SelectMany(line => line.Value.Bytes(line.Key))]);
        File.Move(shorter, _path, overwrite: true);
        _file?.Dispose();
        _file = file;
        // Many that want noting are not written anew with each line.
        _shortenAt = Math.Max(Long, file.Length * 2);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The journal of sent words cannot be written ({Problem}); until the next start, words on their way when the process is killed are sent again.", e.Message);
            _file?.Dispose();
            _file = null;
        }
    }

    private readonly record struct Line(long CreatedAt, string? SentAs)
    {
        public long ConversationId { get; init; }

        public byte[] Bytes(long id) =>
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id} {CreatedAt} {(SentAs is null ? "" : Uri.EscapeDataString(SentAs))}\n"));
    }
}
