using System.Text;
using System.Text.RegularExpressions;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Responses;

/// <summary>
/// Tells what a reply says when all that says nothing is taken out, clause by clause: greetings, received, passed on to a department,
/// please wait, thanks, slogans. Phrases and facts are in seeds/replies.tsv. Measured by `evaluate replies`.
/// </summary>
public sealed partial class EmptyWords
{
    /// <summary>Characters that must be left for a reply to say something, unless it holds a fact.</summary>
    private const int LeastLeft = 14;

    private readonly string[] _boilerplate;
    private readonly string[] _facts;
    private readonly string[] _slogans;

    private EmptyWords(string[] boilerplate, string[] facts, string[] slogans) => (_boilerplate, _facts, _slogans) = (boilerplate, facts, slogans);

    /// <exception cref="MalformedFile">A line is wrong; file and line are named.</exception>
    public static EmptyWords Read(string file)
    {
        var read = new Dictionary<string, List<string>>(StringComparer.Ordinal) { ["boilerplate"] = [], ["fact"] = [], ["slogan"] = [] };
        foreach (TabbedFile.Line line in TabbedFile.Read(file, "kind", "words"))
            (read.GetValueOrDefault(line.Values[0]) ?? throw line.Wrong($"'{line.Values[0]}' is neither boilerplate, fact nor slogan")).Add(Bare(line.Values[1]));
        // The longest first, so that a phrase is taken out whole before its parts.
        return new([.. read["boilerplate"].OrderByDescending(b => b.Length).ThenBy(b => b, StringComparer.Ordinal)], [.. read["fact"]], [.. read["slogan"].OrderByDescending(s => s.Length).ThenBy(s => s, StringComparer.Ordinal)]);
    }

    /// <summary>Whether the words say nothing. A short exact answer, with nothing empty about it, says something.</summary>
    public bool Are(string text)
    {
        string plain = text.Normalize(NormalizationForm.FormKC);
        // To ask back is to work on it.
        if (plain.Contains('?'))
            return false;
        int left = 0;
        bool anyEmpty = false;
        foreach (string part in Separators().Split(NamesAndDates().Replace(plain, " ")))
        {
            string clause = Bare(part);
            if (clause.Length == 0)
                continue;
            if (clause.Any(char.IsAsciiDigit))
                return false;
            string rest = _boilerplate.Aggregate(clause, (c, phrase) => c.Replace(phrase, "", StringComparison.Ordinal));
            string said = _slogans.Aggregate(rest, (c, slogan) => c.Replace(slogan, "", StringComparison.Ordinal));
            if (_facts.Any(f => said.Contains(f, StringComparison.Ordinal)))
                return false;
            if (IsEmpty(clause, rest))
                anyEmpty = true;
            else
                left += rest.Length;
        }
        return (anyEmpty || Bare(plain).Length == 0) && left < LeastLeft;
    }

    private bool IsEmpty(string clause, string rest) =>
        rest.Length <= 1 || PassedOn().IsMatch(clause) || Wait().IsMatch(clause) || Thanks().IsMatch(clause) || WillBeHandled().IsMatch(clause)
        || (rest.Length < 10 && Received().IsMatch(clause)) || (rest.Length < 8 && Greeting().IsMatch(clause))
        || _slogans.Where(s => clause.Contains(s, StringComparison.Ordinal)).Sum(s => s.Length) * 2 >= clause.Length;

    /// <summary>Letters and digits alone, in one form.</summary>
    internal static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        return bare.ToString();
    }

    // A date under a letter, a nickname, an address and a title are no facts.
    [GeneratedRegex("""(19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|["“'‘][^"”'’]{1,20}["”'’]|https?://\S*|《[^》]{1,30}》|[A-Za-z]{1,2}\d{1,3}(?=[市县区镇乡省局])""")]
    private static partial Regex NamesAndDates();

    [GeneratedRegex(@"[，。！；,!;\s：:、（）()]+")]
    private static partial Regex Separators();

    [GeneratedRegex("(转[交至给到发达办送]?|交[由给办]?|反馈[给至到]|上报|移交|呈报|递交|汇报)[了至给]?.{0,16}(部门|单位|局|委|市|管理|办|队|公司|街道|乡|镇|县|区|所|中心|科室|领导|处|院|校|方面|同志|他们)")]
    private static partial Regex PassedOn();

    [GeneratedRegex("^.{0,8}(处理|调查|核查|核实|核处|办理|办复|答复|回复|关注|反馈|督办|研究|处置|跟进|落实|了解)(情况|结果|工作|意见|您|你|相关)*$")]
    private static partial Regex WillBeHandled();

    [GeneratedRegex("(等待|等候|稍候|稍等|尽快|第一时间|及时).{0,6}(回复|答复|反馈|告知|处理|回应|办理|通知|联系|解决)|敬请(关注|谅解|期待)|耐心|(高度|十分|非常)重视|(认真|积极)(研究|对待|研判|处理|考虑|采纳)|请[您你]?(放心|谅解|理解|关注)|会有(人|结果|答复)")]
    private static partial Regex Wait();

    [GeneratedRegex("感谢|谢谢|欢迎|祝(您|你|大家)|多提.{0,8}(意见|建议)|(关心|支持|理解|监督|关注).{0,12}(工作|发展|支持|理解|监督|关注)")]
    private static partial Regex Thanks();

    [GeneratedRegex("收到|收悉|知悉|受理|登记|记录|转达|阅悉|回复如下|答复如下|反映的(问题|情况|事项|内容)$")]
    private static partial Regex Received();

    [GeneratedRegex("您好|你好|尊敬|亲爱|网友|网民|同学|朋友")]
    private static partial Regex Greeting();
}
