using System.Text;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Bot.Conversations;

/// <summary>What the youth tells the bot to do in so many words.</summary>
public enum Command { None, Help, Progress, Human, Withdraw, KeepOpen, Erase, Unlink }

/// <summary>Reads short fixed words: commands and the answers to the bot's own questions. Anything longer is for the sorter.</summary>
public static class SpokenCommands
{
    private static readonly Dictionary<string, Command> Commands = new(StringComparer.Ordinal)
    {
        ["帮助"] = Command.Help, ["help"] = Command.Help, ["菜单"] = Command.Help, ["怎么用"] = Command.Help,
        ["进度"] = Command.Progress, ["查进度"] = Command.Progress, ["查询进度"] = Command.Progress,
        ["找人工"] = Command.Human, ["人工"] = Command.Human, ["转人工"] = Command.Human, ["人工服务"] = Command.Human,
        ["撤回"] = Command.Withdraw, ["撤回这件"] = Command.Withdraw, ["撤销"] = Command.Withdraw, ["撤回诉求"] = Command.Withdraw,
        ["不撤回"] = Command.KeepOpen, ["先不撤回"] = Command.KeepOpen, ["不撤"] = Command.KeepOpen, ["不撤销"] = Command.KeepOpen,
        ["删除我的数据"] = Command.Erase, ["删除数据"] = Command.Erase, ["删除我的信息"] = Command.Erase,
        ["不用联系"] = Command.Unlink, ["不要联系"] = Command.Unlink, ["取消联系"] = Command.Unlink,
    };

    public static Command CommandIn(string text) => Commands.GetValueOrDefault(Bare(text));

    /// <summary>One item by its reference: 撤回 QS-… takes it back, 进度 QS-… asks how far it is. The bare reference says no command: what it means depends on
    /// what was asked.</summary>
    /// <returns>None if the text is anything more or else.</returns>
    public static (Command Command, string Reference)? ItemIn(string text)
    {
        int at = text.IndexOf("QS-", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !References.IsValid(text[at..]))
            return null;
        string reference = text[at..].Trim().ToUpperInvariant();
        return text.AsSpan(0, at).IsWhiteSpace() ? (Command.None, reference)
            : CommandIn(text[..at]) is var command and (Command.Progress or Command.Withdraw) ? (command, reference)
            : null;
    }

    /// <summary>解决了, 部分解决 or 没有解决, and the ways people type them.</summary>
    public static Outcome? OutcomeIn(string text) => Bare(text) switch
    {
        "解决了" or "已解决" or "解决" or "都解决了" or "解决啦" or "问题解决了" => Outcome.Resolved,
        "部分解决" or "解决了一部分" or "部分解决了" or "解决一部分" or "解决了一点" => Outcome.Partly,
        "没有解决" or "没解决" or "未解决" or "还没解决" or "没有" or "没" or "还是没解决" or "没有解决问题" => Outcome.NotResolved,
        _ => null,
    };

    /// <summary>1 to 5 stars: 5星, 五星, ★★★★★ or a bare digit.</summary>
    public static int? StarsIn(string text)
    {
        string shown = text.Trim();
        if (shown.Length is > 0 and <= 5 && shown.All(c => c is '★' or '⭐'))
            return shown.Length;
        string bare = Bare(text).TrimEnd('星', '颗', '分');
        return bare switch
        {
            "1" or "一" => 1,
            "2" or "二" or "两" => 2,
            "3" or "三" => 3,
            "4" or "四" => 4,
            "5" or "五" => 5,
            _ => null,
        };
    }

    /// <summary>Whether two short texts are the same words, whatever their punctuation.</summary>
    public static bool IsSame(string text, string words) => Bare(text) == Bare(words);

    private static string Bare(string text)
    {
        if (text.Length > 24)
            return "";
        var bare = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        return bare.ToString();
    }
}
