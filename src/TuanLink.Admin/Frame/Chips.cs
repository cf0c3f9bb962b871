using Microsoft.AspNetCore.Razor.TagHelpers;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Admin.Frame;

/// <summary>&lt;status-chip of="…"&gt;: where an inquiry stands.</summary>
[HtmlTargetElement("status-chip", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StatusChip : TagHelper
{
    public InquiryStatus Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Chip(ChineseNames.Of(Of), Of switch
    {
        InquiryStatus.AwaitingTriage or InquiryStatus.Reopened => "warn",
        InquiryStatus.Assigned => "plain strong",
        InquiryStatus.Answered or InquiryStatus.Resolved => "good",
        _ => "plain",
    });
}

/// <summary>&lt;risk-chip&gt;: danger first, else urgency; nothing for an ordinary item.</summary>
[HtmlTargetElement("risk-chip", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RiskChip : TagHelper
{
    public Risk Risk { get; set; }
    public Urgency Urgency { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Risk == Risk.Crisis)
            output.Chip("▲ 危急", "danger");
        else if (Risk == Risk.Concern)
            output.Chip("◆ 关注", "warn");
        else if (Urgency == Urgency.Priority)
            output.Chip("优先", "warn");
        else
            output.SuppressOutput();
    }
}

/// <summary>&lt;time-left due="…" now="…" answered="…"&gt;: in words and shape, not by colour alone.</summary>
[HtmlTargetElement("time-left", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TimeLeft : TagHelper
{
    public DateTimeOffset Due { get; set; }
    public DateTimeOffset Now { get; set; }
    public bool Answered { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        TimeSpan left = Due - Now;
        if (Answered)
            output.Chip("✓ 已答复", "good");
        else if (left < TimeSpan.Zero)
            output.Chip($"! 超时 {InWords(-left)}", "danger");
        else
            output.Chip($"◷ 还剩 {InWords(left)}", left < TimeSpan.FromHours(4) ? "warn" : "plain");
    }

    /// <summary>"3天4小时", "2小时10分", "8分钟".</summary>
    public static string InWords(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => span.Hours == 0 ? $"{(int)span.TotalDays}天" : $"{(int)span.TotalDays}天{span.Hours}小时",
        { TotalHours: >= 1 } => span.Minutes == 0 ? $"{span.Hours}小时" : $"{span.Hours}小时{span.Minutes}分",
        _ => $"{Math.Max(0, (int)span.TotalMinutes)}分钟",
    };
}

internal static class ChipOutput
{
    public static void Chip(this TagHelperOutput output, string text, string kind)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"chip {kind}");
        output.Content.SetContent(text);
    }
}
