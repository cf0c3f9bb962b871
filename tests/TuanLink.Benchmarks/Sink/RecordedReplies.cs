using System.Text.Json;

namespace TuanLink.Benchmarks.Sink;

/// <summary>Every reply the sink took, kept by the conversation it was sent to.</summary>
internal sealed class RecordedReplies
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, int>> byConversation = new(StringComparer.Ordinal);

    /// <summary>Replies taken so far, repeated ones included.</summary>
    public int Total { get; private set; }

    public async Task TakeAsync(string path, Stream body)
    {
        using var reply = await JsonDocument.ParseAsync(body);
        var content = Content(reply.RootElement);
        if (content is null)
            return;
        lock (gate)
        {
            Total++;
            var conversation = ReplyPath.Conversation(path);
            if (!byConversation.TryGetValue(conversation, out var replies))
                byConversation[conversation] = replies = new(StringComparer.Ordinal);
            replies[content] = replies.GetValueOrDefault(content) + 1;
        }
    }

    /// <summary>Nothing, one acknowledgement, or one of them said again.</summary>
    /// <returns>How often the most repeated reply of the conversation was delivered; 0 where none was.</returns>
    public int Deliveries(string conversation)
    {
        lock (gate)
            return byConversation.TryGetValue(conversation, out var replies) ? replies.Values.Max() : 0;
    }

    /// <summary>What makes two replies the same one: all but what a second sending may stamp anew.</summary>
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
