using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Conversations;

/// <summary>Choices as plain text, for channels that may show no buttons: numbered lines, to be answered by their number or their words.</summary>
public static class Choices
{
    /// <summary>The words with their choices under them. One choice stands in the words already, and stars are numbers themselves.</summary>
    public static string InWords(string text, string actions)
    {
        string[] choices = actions.Split('\n');
        if (choices.Length < 2 || SpokenCommands.StarsIn(choices[0]) is not null)
            return text;
        var said = new StringBuilder(text);
        for (int i = 0; i < choices.Length; i++)
            said.Append('\n').Append((i + 1).ToString(CultureInfo.InvariantCulture)).Append(". ").Append(choices[i]);
        return said.ToString();
    }

    /// <summary>The choice that a bare number names among those offered last.</summary>
    /// <returns>None if the text is no such number.</returns>
    public static async Task<string?> Numbered(RoutingDb db, Conversation conversation, string text, CancellationToken cancel)
    {
        if (text.Length != 1 || CharUnicodeInfo.GetDecimalDigitValue(text[0]) is not (>= 1 and var number))
            return null;
        string? offered = await db.Outbox.Where(o => o.ConversationId == conversation.Id && o.Actions != "").OrderByDescending(o => o.Id).Select(o => o.Actions).FirstOrDefaultAsync(cancel);
        return offered?.Split('\n') is { Length: > 1 } choices && number <= choices.Length ? choices[number - 1] : null;
    }
}
