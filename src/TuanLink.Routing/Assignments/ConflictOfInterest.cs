using TuanLink.Routing.Cadres;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Assignments;

/// <summary>Finds whom a complaint concerns, so that it never reaches them (DOMAIN.md §4.1). In doubt there is a conflict: another answers just as well.</summary>
public static class ConflictOfInterest
{
    private static readonly string[] Complaint =
        ["投诉", "举报", "反映", "态度", "敷衍", "推诿", "不理", "不管", "不回", "骂", "骚扰", "威胁", "欺负", "收钱", "收费", "吃拿", "打人", "不作为", "忽悠", "乱", "要我", "逼", "意见"];

    private static readonly string[] MyContact = ["联系我的干部", "联系干部", "我的干部", "对接我的", "联系我的那个", "负责我的", "你们的干部", "你们那个干部", "团干部"];

    /// <returns>The cadre complained of; none if the words complain of nobody of ours.</returns>
    public static Cadre? Find(string text, InquiryKind kind, Roster roster, IReadOnlyList<long> linkedCadres)
    {
        bool complains = kind == InquiryKind.ProblemReport || Complaint.Any(w => text.Contains(w, StringComparison.Ordinal));
        if (!complains)
            return null;
        if (roster.CadreNamedIn(text) is { } named)
            return named;
        return linkedCadres.Count > 0 && MyContact.Any(w => text.Contains(w, StringComparison.Ordinal))
            ? roster.FindCadre(linkedCadres[0])
            : null;
    }
}
