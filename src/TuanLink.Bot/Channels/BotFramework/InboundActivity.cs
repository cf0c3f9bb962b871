using System.Collections.Frozen;
using System.Text.Json;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Imports;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>An activity as it came in (Activity schema v3.4), as far as it is honoured; unknown fields, types and entities are ignored.</summary>
public sealed record InboundActivity(string Type, string? Name, IncomingWords? Words)
{
    // Whoever could name one of these would speak in another's conversation.
    private static readonly FrozenSet<string> OwnChannels = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, DirectLineChannel.Id, WeChatMessage.Channel, DemoCity.Channel);

    /// <exception cref="WrongJson">A honoured field is missing or has the wrong type.</exception>
    public static InboundActivity Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new WrongJson("An activity is a JSON object.");
        string type = json.Id("type") ?? throw new WrongJson("'type' is missing.");
        string? name = json.Id("name");
        if (type is not ("message" or "conversationUpdate"))
            return new(type, name, null);

        JsonElement conversation = json.Part("conversation") ?? throw new WrongJson("'conversation' is missing.");
        string channel = Required(json.Id("channelId"), "channelId");
        if (OwnChannels.Contains(channel))
            throw new WrongJson($"'channelId' is '{channel}', which this service speaks itself.");
        string bot = json.Part("recipient")?.Id("id") ?? "";
        bool isMessage = type == "message";
        if (!isMessage && !SomebodyArrived(json, bot))
            return new(type, name, null);
        (string text, CardClick? click) = isMessage ? SubmittedValue.In(json) : ("", null);
        return new(type, name, new IncomingWords(
            channel, Required(conversation.Id("id"), "conversation.id"), json.Id("id"),
            json.Part("from")?.Id("id") ?? "", bot, json.Id("serviceUrl") ?? "",
            text, IsArrival: !isMessage, AnswerInline: json.Id("deliveryMode") == "expectReplies",
            ShowsCards: Abilities.ShowsCards(channel), Click: click) { Files = isMessage ? AttachedFiles.Read(json) : [] });
    }

    private static string Required(string? value, string name) => value is { Length: > 0 } ? value : throw new WrongJson($"'{name}' is missing.");

    // Some clients announce the bot's own arrival, or nobody's.
    private static bool SomebodyArrived(JsonElement json, string bot)
    {
        if (!json.Has("membersAdded", out JsonElement members) || members.ValueKind != JsonValueKind.Array)
            return false;
        foreach (JsonElement member in members.EnumerateArray())
            if (member.ValueKind == JsonValueKind.Object && member.Id("id") is { Length: > 0 } id && id != bot)
                return true;
        return false;
    }
}
