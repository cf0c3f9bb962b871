using System.Text.Json;

namespace TuanLink.Benchmarks.Sink;

/// <summary>How a conversation was replied to.</summary>
/// <param name="Times">How often the most repeated reply was delivered; 0 where none was.</param>
/// <param name="SameId">Whether all its deliveries bore one activity id, so that a receiver can tell a repetition.</param>
internal readonly record struct Deliveries(int Times, bool SameId);

/// <summary>Every reply the sink took, kept by the conversation it was sent to.</summary>
internal sealed class RecordedReplies
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, List<string>>> byConversation = new(StringComparer.Ordinal);
    private int total;

    /// <summary>Replies taken so far, repeated ones included.</summary>
    public int Total => Volatile.Read(ref total);

    public async Task TakeAsync(string path, Stream body)
    {
        using var reply = await JsonDocument.ParseAsync(body);
        if (Content(reply.RootElement) is not { } content)
            return;
        var id = reply.RootElement.TryGetProperty("id", out var given) ? given.GetString() ?? "" : "";
        lock (gate)
        {
            total++;
            var conversation = ReplyPath.Conversation(path);
            if (!byConversation.TryGetValue(conversation, out var replies))
                byConversation[conversation] = replies = new(StringComparer.Ordinal);
            if (!replies.TryGetValue(content, out var ids))
                replies[content] = ids = [];
            ids.Add(id);
        }
    }

    public Deliveries To(string conversation)
    {
        lock (gate)
        {
            if (!byConversation.TryGetValue(conversation, out var replies))
                return default;
            var most = replies.Values.MaxBy(ids => ids.Count)!;
            return new Deliveries(most.Count, most[0].Length > 0 && most.TrueForAll(id => id == most[0]));
        }
    }

    /// <summary>What makes two replies the same one: all but what a second sending may stamp anew.</summary>
    /// <returns>null for what is no message: typing and the like.</returns>
    private static string? Content(JsonElement reply)
    {
        if (reply.TryGetProperty("type", out var type) && type.GetString() != "message")
            return null;
        return string.Join(
            '\u001f',
            from name in (string[])["replyToId", "text", "attachments", "suggestedActions"]
            select reply.TryGetProperty(name, out var value) ? value.GetRawText() : "");
    }
}
