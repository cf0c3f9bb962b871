using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage;

/// <summary>Proposes the heading of a cadre's problem list an inquiry goes under; a human may correct it.</summary>
internal static class ProposeCategory
{
    // What weighs on the mind, whatever the topic.
    private static readonly string[] Worries =
    [
        "迷茫", "纠结", "该不该", "要不要", "值不值", "意义", "想不通", "想不明白", "困惑", "不知道怎么面对", "走不出来", "焦虑", "压力", "担心", "害怕",
        "不甘心", "自卑", "孤独", "没有方向", "不知道该", "心里", "难受", "怎么面对", "怎么跟", "怎么和", "看不到希望", "不理解我", "内耗", "怀疑自己",
    ];

    // What is lacking or in the way, even where it weighs on the mind too.
    private static readonly string[] Needs =
    [
        "没钱", "交不起", "没地方住", "帮忙联系", "安排", "申请", "补助", "押金", "工资", "报销", "医院", "办理", "证", "材料", "坏了", "断了", "丢了",
    ];

    private static readonly WordFamilies Families = new([Worries, Needs]);

    public static ProblemCategory For(InquiryKind kind, Topic topic, ReadOnlySpan<char> text)
    {
        if (kind == InquiryKind.Suggestion) return ProblemCategory.Opinion;
        var met = Families.In(text);
        bool worried = (met & 1) != 0, lacking = (met & 2) != 0;
        return topic switch
        {
            Topic.MentalHealth when kind != InquiryKind.ProblemReport => ProblemCategory.Confusion,
            Topic.Relationships or Topic.Family when kind != InquiryKind.ProblemReport && !(lacking && !worried) => ProblemCategory.Confusion,
            _ when worried && !lacking && kind == InquiryKind.Consultation => ProblemCategory.Confusion,
            Topic.LeagueAffairs or Topic.Volunteering or Topic.CultureSports or Topic.Other when kind == InquiryKind.ProblemReport
                => ProblemCategory.Opinion,
            _ => ProblemCategory.Difficulty,
        };
    }
}
