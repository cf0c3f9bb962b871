using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels;

/// <summary>Owed words as an activity of the Bot Framework and of Direct Line.</summary>
public static class OutboundActivity
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The id of an owed word on the wire: the same at every try, so that a receiver can tell a repeat.</summary>
    public static string IdOf(OutboxMessage owed) => "tl-" + owed.Id.ToString(CultureInfo.InvariantCulture);

    public static byte[] Write(OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at)
    {
        using var buffer = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
            Write(json, owed, to, reference, at);
        return buffer.ToArray();
    }

    public static void Write(Utf8JsonWriter json, OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("id", IdOf(owed));
        json.WriteString("timestamp", at.UtcDateTime);
        json.WriteString("channelId", to.Channel);
        if (to.ServiceUrl.Length > 0)
            json.WriteString("serviceUrl", to.ServiceUrl);
        json.WriteStartObject("from");
        json.WriteString("id", to.ChannelBotId.Length > 0 ? to.ChannelBotId : "tuanlink");
        json.WriteString("name", owed.SpeakerName.Length > 0 ? owed.SpeakerName : "青年之声");
        json.WriteString("role", "bot");
        json.WriteEndObject();
        json.WriteStartObject("recipient");
        json.WriteString("id", to.ChannelUserId.Length > 0 ? to.ChannelUserId : "youth");
        json.WriteEndObject();
        json.WriteStartObject("conversation");
        json.WriteString("id", to.ChannelConversationId);
        json.WriteEndObject();
        if (owed.ReplyToId is { } replyTo)
            json.WriteString("replyToId", replyTo);
        json.WriteString("locale", "zh-CN");
        json.WriteString("textFormat", "plain");
        // A person's words carry the name in the text where a channel shows no sender of ours (亮身份).
        json.WriteString("text", owed.SpeakerName.Length > 0 && to.Channel != DirectLine.DirectLineChannel.Id ? $"【{owed.SpeakerName}】\n{owed.Text}" : owed.Text);
        json.WriteString("inputHint", "acceptingInput");
        if (owed.Actions.Length > 0)
            WriteActions(json, owed, to);
        json.WriteStartObject("channelData");
        json.WriteStartObject("tuanlink");
        json.WriteString("id", IdOf(owed));
        json.WriteString("speaker", owed.Speaker);
        if (owed.SpeakerName.Length > 0)
            json.WriteString("name", owed.SpeakerName);
        if (reference is not null)
            json.WriteString("reference", reference);
        if (owed.Tone == "safe")
            json.WriteString("tone", "safe");
        else if (owed.Tone.Length > 0)
            json.WriteString("ask", owed.Tone);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteActions(Utf8JsonWriter json, OutboxMessage owed, Conversation to)
    {
        json.WriteStartObject("suggestedActions");
        json.WriteStartArray("to");
        json.WriteStringValue(to.ChannelUserId.Length > 0 ? to.ChannelUserId : "youth");
        json.WriteEndArray();
        json.WriteStartArray("actions");
        foreach (string action in owed.Actions.Split('\n'))
        {
            json.WriteStartObject();
            json.WriteString("type", "imBack");
            json.WriteString("title", action);
            json.WriteString("value", action);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
