namespace TuanLink.Routing.Inquiries;

/// <summary>The names people read for the domain's words (DOMAIN.md §3).</summary>
public static class ChineseNames
{
    public static string Of(InquiryKind kind) => kind switch
    {
        InquiryKind.Consultation => "咨询",
        InquiryKind.HelpRequest => "求助",
        InquiryKind.ProblemReport => "问题反映",
        InquiryKind.Suggestion => "意见建议",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(Topic topic) => topic switch
    {
        Topic.MentalHealth => "心理健康",
        Topic.PhysicalHealth => "身体健康",
        Topic.Study => "学业发展",
        Topic.Employment => "就业实习",
        Topic.Entrepreneurship => "创业扶持",
        Topic.Rights => "权益维护",
        Topic.Relationships => "婚恋交友",
        Topic.Family => "家庭关系",
        Topic.Livelihood => "生活帮扶",
        Topic.Volunteering => "志愿公益",
        Topic.CultureSports => "文体活动",
        Topic.LeagueAffairs => "团务咨询",
        Topic.Other => "其他",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    public static string Of(Urgency urgency) => urgency switch
    {
        Urgency.Routine => "一般",
        Urgency.Priority => "优先",
        Urgency.Crisis => "危急",
        _ => throw new ArgumentOutOfRangeException(nameof(urgency)),
    };

    public static string Of(Risk risk) => risk switch
    {
        Risk.None => "无",
        Risk.Concern => "关注",
        Risk.Crisis => "危急",
        _ => throw new ArgumentOutOfRangeException(nameof(risk)),
    };

    public static string Of(ProblemCategory category) => category switch
    {
        ProblemCategory.Confusion => "思想困惑",
        ProblemCategory.Difficulty => "实际困难",
        ProblemCategory.Opinion => "意见建议",
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };

    public static string Of(InquiryStatus status) => status switch
    {
        InquiryStatus.AwaitingTriage => "待研判",
        InquiryStatus.Assigned => "待答复",
        InquiryStatus.Answered => "已答复",
        InquiryStatus.Resolved => "已解决",
        InquiryStatus.Closed => "未确认关闭",
        InquiryStatus.Reopened => "重新打开",
        InquiryStatus.Withdrawn => "已撤回",
        InquiryStatus.Dismissed => "已排除",
        InquiryStatus.Merged => "已合并",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Resolved => "解决了",
        Outcome.Partly => "部分解决",
        Outcome.NotResolved => "没有解决",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
