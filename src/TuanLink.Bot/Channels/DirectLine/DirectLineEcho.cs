using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>The youth's own activity as the transcript shows it: words, the client's own id of it, and the files that were kept.</summary>
/// <param name="ChannelData">As the client sent it, in JSON.</param>
/// <param name="Here">Scheme and host under which the client reaches us.</param>
public sealed record DirectLineEcho(string Id, string Text, string User, string? ChannelData, IReadOnlyList<SentFile> Files, string Here)
{
    /// <summary>What a press on a card or button carried, as the client sent it, in JSON.</summary>
    public string? Value { get; init; }

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Write(Speaker speaker, DateTimeOffset now)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteString("id", Id);
            json.WriteString("timestamp", now.UtcDateTime);
            json.WriteString("channelId", DirectLineChannel.Id);
            json.WriteStartObject("from");
            json.WriteString("id", User);
            json.WriteString("role", "user");
            json.WriteEndObject();
            json.WriteStartObject("conversation");
            json.WriteString("id", speaker.Conversation.ChannelConversationId);
            json.WriteEndObject();
            json.WriteString("text", Text);
            if (Value is not null)
            {
                json.WritePropertyName("value");
                json.WriteRawValue(Value);
            }
            if (!speaker.AfterErasure)
                WriteFiles(json);
            if (ChannelData is not null)
            {
                json.WritePropertyName("channelData");
                json.WriteRawValue(ChannelData);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private void WriteFiles(Utf8JsonWriter json)
    {
        if (Files.All(f => f.Kept is null))
            return;
        json.WriteStartArray("attachments");
        foreach (SentFile file in Files)
            if (file.Kept is { } kept)
            {
                json.WriteStartObject();
                json.WriteString("contentType", kept.MediaType);
                json.WriteString("contentUrl", Here + DirectLineFiles.Unsigned(kept.Key));
                // Without one Web Chat shows a youth's own picture as a file to download.
                if (kept.MediaType.StartsWith("image/", StringComparison.Ordinal))
                    json.WriteString("thumbnailUrl", Here + DirectLineFiles.Unsigned(kept.Key));
                json.WriteString("name", FileNames.Clean(file.Name));
                json.WriteEndObject();
            }
        json.WriteEndArray();
    }
}
