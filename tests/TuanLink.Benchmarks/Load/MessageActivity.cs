using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TuanLink.Benchmarks.Load;

/// <summary>A youth's message as the Bot Framework emulator would post it, as the bytes of a whole HTTP request.</summary>
internal sealed record MessageActivity(string Id, string Conversation, string Youth, string Text)
{
    /// <param name="bot">Where the bot listens.</param>
    /// <param name="serviceUrl">Where its replies are to go.</param>
    /// <param name="time">When the message was written.</param>
    public byte[] ToRequest(Uri bot, string serviceUrl, DateTimeOffset time)
    {
        var body = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(body))
            Write(json, serviceUrl, time);

        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /api/messages HTTP/1.1\r\nHost: {bot.Authority}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.WrittenCount}\r\n\r\n");
        var request = new byte[head.Length + body.WrittenCount];
        Encoding.ASCII.GetBytes(head, request);
        body.WrittenSpan.CopyTo(request.AsSpan(head.Length));
        return request;
    }

    private void Write(Utf8JsonWriter json, string serviceUrl, DateTimeOffset time)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("id", Id);
        json.WriteString("timestamp", time);
        json.WriteString("channelId", "emulator");
        json.WriteString("serviceUrl", serviceUrl);
        json.WriteStartObject("from");
        json.WriteString("id", Youth);
        json.WriteString("name", "青年");
        json.WriteString("role", "user");
        json.WriteEndObject();
        json.WriteStartObject("conversation");
        json.WriteString("id", Conversation);
        json.WriteEndObject();
        json.WriteStartObject("recipient");
        json.WriteString("id", "bot");
        json.WriteString("name", "TuanLink");
        json.WriteString("role", "bot");
        json.WriteEndObject();
        json.WriteString("locale", "zh-CN");
        json.WriteString("textFormat", "plain");
        json.WriteString("text", Text);
        json.WriteEndObject();
    }
}
