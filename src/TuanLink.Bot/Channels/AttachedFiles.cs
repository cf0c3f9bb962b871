using System.Text.Json;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels;

/// <summary>The files an activity names, and those whose bytes it carries in itself (data: addresses), which are kept before its turn.</summary>
public sealed class AttachedFiles(AttachmentBytes bytes, ILogger<AttachedFiles> log)
{
    private const int MostNamed = 20;
    private const int LongestAddress = 4096;
    private const string Carried = "data:";
    private const string TeamsFile = "application/vnd.microsoft.teams.file.download.info";

    /// <summary>The files named; cards, and the copy of the words in HTML that Teams sends along, are none.</summary>
    /// <exception cref="WrongJson">A field of theirs has the wrong type.</exception>
    public static IReadOnlyList<SentFile> Read(JsonElement activity)
    {
        if (!activity.Has("attachments", out JsonElement attached) || attached.ValueKind != JsonValueKind.Array)
            return [];
        var files = new List<SentFile>();
        foreach (JsonElement one in attached.EnumerateArray().Take(MostNamed))
        {
            if (one.ValueKind != JsonValueKind.Object || one.Words("contentType") is not { } type || IsNoFile(type))
                continue;
            string? address = type == TeamsFile ? one.Part("content")?.Words("downloadUrl") : one.Words("contentUrl");
            string name = one.Words("name") ?? "";
            files.Add(files.Count >= SentFile.Most ? new(name, AttachmentOrigin.Link, Failure: AttachmentFailure.TooMany)
                : string.IsNullOrWhiteSpace(address) || (!IsCarried(address) && address.Length > LongestAddress) ? new(name, AttachmentOrigin.Link, Failure: AttachmentFailure.NoAddress)
                : new(name, AttachmentOrigin.Link, address));
        }
        return files;
    }

    /// <summary>Keeps those that carry their bytes; the others stay as they are.</summary>
    /// <param name="links">Whether the others may be fetched later; a youth's own browser has to send the file itself.</param>
    public async Task<IReadOnlyList<SentFile>> Keep(IReadOnlyList<SentFile> files, bool links, CancellationToken cancel)
    {
        if (files.Count == 0)
            return files;
        var kept = new List<SentFile>(files.Count);
        foreach (SentFile file in files)
            kept.Add(file.Failure is null && IsCarried(file.Address) ? await Keep(file, cancel)
                : file.Failure is null && !links ? file with { Address = "", Failure = AttachmentFailure.AddressRefused } : file);
        return kept;
    }

    /// <summary>Awaits the turn that takes the files; of one that fails, or only repeats another, their bytes are taken away.</summary>
    public async Task<TurnTaken> TakeWith(IReadOnlyList<SentFile> files, Task<TurnTaken> turn)
    {
        bool taken = false;
        try
        {
            TurnTaken result = await turn;
            taken = !result.IsRepeat;
            return result;
        }
        finally
        {
            if (!taken)
                await Forget(files);
        }
    }

    /// <summary>Takes away the bytes of files that no message will have.</summary>
    public Task Forget(IReadOnlyList<SentFile> files) => bytes.Forget([.. files.Where(f => f.Kept is not null).Select(f => f.Kept!.Key)]);

    private async Task<SentFile> Keep(SentFile file, CancellationToken cancel)
    {
        try
        {
            var (kept, failure) = await bytes.Keep(new MemoryStream(Decode(file.Address)), cancel);
            return file with { Origin = AttachmentOrigin.Upload, Address = "", Kept = kept, Failure = failure };
        }
        catch (FormatException)
        {
            return file with { Origin = AttachmentOrigin.Upload, Address = "", Failure = AttachmentFailure.KindNotTaken };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The words are worth more than the file.
            log.LogError(e, "An attachment could not be stored; its message is taken without it.");
            return file with { Origin = AttachmentOrigin.Upload, Address = "", Failure = AttachmentFailure.NotStored };
        }
    }

    // data:[type][;base64],… (RFC 2397)
    private static byte[] Decode(string address)
    {
        int comma = address.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && address.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            ? Convert.FromBase64String(Uri.UnescapeDataString(address[(comma + 1)..])) : throw new FormatException();
    }

    private static bool IsCarried(string address) => address.StartsWith(Carried, StringComparison.OrdinalIgnoreCase);

    private static bool IsNoFile(string type) => type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase)
        || (type.StartsWith("application/vnd.microsoft.", StringComparison.OrdinalIgnoreCase) && type != TeamsFile);
}
