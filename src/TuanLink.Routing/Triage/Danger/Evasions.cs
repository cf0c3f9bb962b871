using System.Text;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Undoes the ways people write what filters look for: signs between characters, pinyin, look-alikes.</summary>
internal static class Evasions
{
    private static readonly (string Written, string Meant)[] Spellings =
    [
        ("zi sha", "自杀"), ("zisha", "自杀"), ("自sha", "自杀"), ("zi杀", "自杀"), ("自鲨", "自杀"), ("自鯊", "自杀"), ("自刹", "自杀"),
        ("紫砂了", "自杀了"), ("想紫砂", "想自杀"), ("要紫砂", "要自杀"), ("zs了", "自杀了"), ("想zs", "想自杀"),
        ("ziCan", "自残"), ("zican", "自残"), ("自can", "自残"), ("自惨", "自残"), ("自餐", "自残"), ("zc了", "自残了"),
        ("tiaolou", "跳楼"), ("tiao lou", "跳楼"), ("跳lou", "跳楼"), ("跳娄", "跳楼"), ("跳搂", "跳楼"), ("tl了", "跳楼了"),
        ("gewan", "割腕"), ("ge wan", "割腕"), ("割wan", "割腕"), ("割碗", "割腕"), ("隔腕", "割腕"), ("割皖", "割腕"),
        ("xiangsi", "想死"), ("xiang si", "想死"), ("想si", "想死"), ("想4", "想死"), ("想亖", "想死"), ("想屎了", "想死了"), ("想噶", "想死"),
        ("想嘎", "想死"), ("去si", "去死"), ("不想huo", "不想活"), ("不想火了", "不想活了"), ("bu xiang huo", "不想活"), ("buxianghuo", "不想活"),
        ("anmianyao", "安眠药"), ("安mian药", "安眠药"), ("安棉药", "安眠药"), ("shaotan", "烧炭"), ("烧tan", "烧炭"), ("烧叹", "烧炭"),
        ("jiuming", "救命"), ("jiu ming", "救命"), ("救ming", "救命"), ("jiuwo", "救我"), ("jiu wo", "救我"), ("救w", "救我"), ("qiujiu", "求救"),
        ("qiu jiu", "求救"), ("baojing", "报警"), ("bao jing", "报警"), ("报jing", "报警"), ("bangjia", "绑架"), ("强j", "强奸"), ("qiangjian", "强奸"),
        ("强jian", "强奸"), ("luozhao", "裸照"), ("裸z", "裸照"), ("luo照", "裸照"), ("luo聊", "裸聊"), ("jiabao", "家暴"), ("家bao", "家暴"),
        ("chuanxiao", "传销"), ("传xiao", "传销"), ("huoxialai", "活下来"), ("s了算了", "死了算了"), ("死le", "死了"), ("亖了", "死了"),
    ];

    /// <summary>The text as it was meant, or null when it holds none of these ways.</summary>
    public static string? Undo(ReadOnlySpan<char> normal)
    {
        var tight = Tighten(normal);
        var letters = false;
        foreach (var c in normal) letters |= char.IsAsciiLetterOrDigit(c) || c is '鲨' or '刹' or '砂' or '亖' or '噶' or '嘎' or '火' or '屎'
            or '碗' or '娄' or '搂' or '皖' or '隔' or '惨' or '餐' or '棉' or '叹';
        if (tight is null && !letters) return null;
        var meant = new StringBuilder(tight ?? normal.ToString());
        var before = meant.ToString();
        foreach (var (written, right) in Spellings) meant.Replace(written, right);
        var after = meant.ToString();
        return tight is null && after == before ? null : after;
    }

    // 自 杀, 自.杀, 自*杀: drops what stands between two characters of which one stands alone. Null when nothing does.
    private static string? Tighten(ReadOnlySpan<char> normal)
    {
        StringBuilder? tight = null;
        for (var i = 0; i < normal.Length; i++)
        {
            var divides = i > 0 && i + 1 < normal.Length && IsDivider(normal[i]) && IsHan(normal[i - 1]) && IsHan(normal[i + 1])
                && (StandsAlone(normal, i - 1) || StandsAlone(normal, i + 1));
            if (divides) tight ??= new StringBuilder(normal.Length).Append(normal[..i]);
            else tight?.Append(normal[i]);
        }
        return tight?.ToString();
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int i) =>
        (i == 0 || !IsHan(text[i - 1])) && (i + 1 == text.Length || !IsHan(text[i + 1]));

    private static bool IsDivider(char c) => !char.IsLetterOrDigit(c);

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
