using System.Text.RegularExpressions;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>What a WeChat card shows; a press opens its address.</summary>
/// <param name="Address">https, as it stands in the words.</param>
public sealed partial record LinkCard(string Title, string Description, string Address)
{
    private const int LongestTitle = 40;
    private const int LongestAddress = 1000;

    /// <summary>The card of a handler's words that hold exactly one link, over https, and say something besides.</summary>
    /// <returns>None for other words, and for those of the bot.</returns>
    public static LinkCard? Of(OutboxMessage owed)
    {
        if (owed.MessageId is null || Link().Matches(owed.Text) is not [{ } found] || found.Length > LongestAddress
            || !Uri.TryCreate(found.Value, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps)
            return null;
        string words = Spaces().Replace($"{owed.Text[..found.Index]} {owed.Text[(found.Index + found.Length)..]}", " ").Trim(' ', '：', ':', '，', '。');
        return words.Any(char.IsLetterOrDigit) ? new(Short(words), address.IdnHost, found.Value) : null;
    }

    /// <summary>The message that shows it.</summary>
    public object Message(string to) => new { touser = to, msgtype = "news", news = new { articles = new[] { new { title = Title, description = Description, url = Address } } } };

    private static string Short(string words) =>
        words.Length <= LongestTitle ? words : words[..(char.IsHighSurrogate(words[LongestTitle - 2]) ? LongestTitle - 2 : LongestTitle - 1)] + "…";

    // Where an address ends between Chinese words, as on the chat page.
    [GeneratedRegex(@"https?://[^\s<>""'，。；！？、（）《》【】“”]+", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
