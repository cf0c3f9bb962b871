using System.Globalization;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>The callback lacks what the protocol demands; the message goes back with 400.</summary>
public sealed class WrongCallback(string why) : Exception(why);

/// <summary>A callback of WeChat as far as it is honoured.</summary>
/// <param name="Words">None for what needs no turn (a menu link, a report, leaving).</param>
/// <param name="ScannedCode">The code of a poster that was scanned.</param>
public sealed record WeChatMessage(string From, string To, IncomingWords? Words, string? ScannedCode)
{
    public const string Channel = "wechat";
    private const int LongestName = 64;
    private const int LongestMediaId = 256;

    /// <exception cref="WrongCallback">A needed field is missing.</exception>
    public static WeChatMessage Read(IReadOnlyDictionary<string, string> xml)
    {
        string from = Name(xml, "FromUserName"), to = Name(xml, "ToUserName");
        string type = xml.GetValueOrDefault("MsgType") ?? throw new WrongCallback("MsgType is missing.");
        if (type == "event")
            return Event(xml, from, to);
        string id = xml.GetValueOrDefault("MsgId") is { Length: > 0 and <= LongestName } given && given.All(char.IsAsciiDigit)
            ? given : throw new WrongCallback("MsgId is missing or no number.");
        string text = type switch
        {
            "text" => Field(xml, "Content"),
            // The words WeChat recognised; the sound is kept beside them.
            "voice" => Field(xml, "Recognition"),
            "location" => $"我在这里：{Field(xml, "Label")}（纬度 {Field(xml, "Location_X")}，经度 {Field(xml, "Location_Y")}）",
            "link" => $"{Field(xml, "Title")}\n{Field(xml, "Url")}".Trim(),
            _ => "",
        };
        return new(from, to, Said(from, to, "wx-" + id, text.Trim()) with { Files = Files(xml, type) }, null);
    }

    private static IReadOnlyList<SentFile> Files(IReadOnlyDictionary<string, string> xml, string type)
    {
        string? name = type switch { "image" => "微信图片", "voice" => "微信语音", "text" or "location" or "link" => null, _ => "微信文件" };
        if (name is null)
            return [];
        // Films and the rest are of no kind we take: nothing is fetched.
        if (type is not ("image" or "voice"))
            return [new SentFile(name, AttachmentOrigin.WeChat, Failure: AttachmentFailure.KindNotTaken)];
        return Field(xml, "MediaId") is { Length: > 0 and <= LongestMediaId } media
            ? [new SentFile(name, AttachmentOrigin.WeChat, media)] : [new SentFile(name, AttachmentOrigin.WeChat, Failure: AttachmentFailure.NoAddress)];
    }

    private static WeChatMessage Event(IReadOnlyDictionary<string, string> xml, string from, string to)
    {
        string id = $"wx-e-{Seconds(xml)}";
        string key = Field(xml, "EventKey");
        return Field(xml, "Event") switch
        {
            // A code scanned before following comes with the subscription.
            "subscribe" => new(from, to, Said(from, to, id, "") with { IsArrival = true }, key.StartsWith("qrscene_", StringComparison.Ordinal) ? key["qrscene_".Length..] : null),
            "SCAN" => new(from, to, Said(from, to, id, "") with { IsArrival = true }, key),
            // A menu's key is what the youth would have said.
            "CLICK" when key.Length is > 0 and <= 64 => new(from, to, Said(from, to, id, key), null),
            _ => new(from, to, null, null),
        };
    }

    private static IncomingWords Said(string from, string to, string id, string text) => new(Channel, from, id, from, to, "", text);

    private static string Field(IReadOnlyDictionary<string, string> xml, string name) => xml.GetValueOrDefault(name) ?? "";

    private static string Name(IReadOnlyDictionary<string, string> xml, string name) => xml.GetValueOrDefault(name) is { Length: > 0 and <= LongestName } value
        ? value : throw new WrongCallback($"{name} is missing or too long.");

    private static long Seconds(IReadOnlyDictionary<string, string> xml) =>
        long.TryParse(Field(xml, "CreateTime"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : throw new WrongCallback("CreateTime is missing or no number.");
}
