using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels;

/// <summary>A file that goes with owed words.</summary>
/// <param name="Address">Where the youth's client fetches it.</param>
public sealed record OutboundFile(string Name, string MediaType, string Address);

/// <summary>Owed words as an activity of the Bot Framework and of Direct Line.</summary>
public static class OutboundActivity
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The id of an owed word on the wire: the same at every try, so that a receiver can tell a repeat.</summary>
    public static string IdOf(OutboxMessage owed) => "tl-" + owed.Id.ToString(CultureInfo.InvariantCulture);

    public static byte[] Write(OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at, OutboundFile? file = null)
    {
        using var buffer = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
            Write(json, owed, to, reference, at, file);
        return buffer.ToArray();
    }

    public static void Write(Utf8JsonWriter json, OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at, OutboundFile? file = null)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("id", IdOf(owed));
        json.WriteString("timestamp", at.UtcDateTime);
        json.WriteString("channelId", to.Channel);
        if (to.ServiceUrl.Length > 0)
            json.WriteString("serviceUrl", to.ServiceUrl);
        WriteParties(json, to.ChannelBotId, owed.SpeakerName, to.ChannelUserId, to.ChannelConversationId);
        if (owed.ReplyToId is { } replyTo)
            json.WriteString("replyToId", replyTo);
        json.WriteString("locale", "zh-CN");
        json.WriteString("textFormat", "plain");
        // The chat page shows the file itself, and whose it is.
        json.WriteString("text", file is not null && IsChatPage(to) ? "" : Words(owed, to));
        json.WriteString("inputHint", "acceptingInput");
        if (owed.Actions.Length > 0)
            WriteActions(json, owed, to);
        if (file is not null)
            WriteFile(json, file);
        else if (owed.Card.Length > 0 && to.ShowsCards)
            WriteCard(json, owed.Card);
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

    /// <summary>Somebody is writing in the conversation of these words: shown for a moment, kept nowhere.</summary>
    public static void WriteTyping(Utf8JsonWriter json, IncomingWords of, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("type", "typing");
        json.WriteString("id", $"typing-{Guid.NewGuid():N}");
        json.WriteString("timestamp", at.UtcDateTime);
        json.WriteString("channelId", of.Channel);
        if (of.ServiceUrl.Length > 0)
            json.WriteString("serviceUrl", of.ServiceUrl);
        WriteParties(json, of.BotId, "", of.UserId, of.ConversationId);
        json.WriteEndObject();
    }

    private static void WriteParties(Utf8JsonWriter json, string botId, string speakerName, string userId, string conversationId)
    {
        json.WriteStartObject("from");
        json.WriteString("id", botId.Length > 0 ? botId : "tuanlink");
        json.WriteString("name", speakerName.Length > 0 ? speakerName : "青年之声");
        json.WriteString("role", "bot");
        json.WriteEndObject();
        json.WriteStartObject("recipient");
        json.WriteString("id", userId.Length > 0 ? userId : "youth");
        json.WriteEndObject();
        json.WriteStartObject("conversation");
        json.WriteString("id", conversationId);
        json.WriteEndObject();
    }

    private static string Words(OutboxMessage owed, Conversation to)
    {
        // A person's words carry the name in the text wherever another's client shows them (亮身份): of all only the chat page shows whose they are.
        string text = owed.SpeakerName.Length > 0 && !IsChatPage(to) ? $"【{owed.SpeakerName}】\n{owed.Text}" : owed.Text;
        return Abilities.ShowsChoices(to.Channel) ? text : Choices.InWords(text, owed.Actions);
    }

    private static bool IsChatPage(Conversation to) => to.Channel == DirectLine.DirectLineChannel.Id && !to.ShowsCards;

    private static void WriteFile(Utf8JsonWriter json, OutboundFile file)
    {
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", file.MediaType);
        json.WriteString("contentUrl", file.Address);
        // Without one Web Chat shows a picture as a file to download.
        if (file.MediaType.StartsWith("image/", StringComparison.Ordinal))
            json.WriteString("thumbnailUrl", file.Address);
        json.WriteString("name", file.Name);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteCard(Utf8JsonWriter json, string card)
    {
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", AdaptiveCard.ContentType);
        json.WritePropertyName("content");
        json.WriteRawValue(card, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndArray();
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
