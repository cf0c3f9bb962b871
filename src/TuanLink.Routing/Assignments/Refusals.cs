namespace TuanLink.Routing.Assignments;

/// <summary>A rule of the domain forbids what was asked. The message says which, in Chinese, to whoever asked; nothing was changed.</summary>
public abstract class Refusal(string why) : Exception(why);

/// <summary>The reasons people write down: without NUL, which PostgreSQL cannot keep, trimmed, and of a length one reads.</summary>
public static class Reasons
{
    /// <summary>In UTF-16 units.</summary>
    public const int Longest = 500;

    /// <returns>The words; empty if there are none.</returns>
    /// <exception cref="Refusal">They are too long.</exception>
    public static string Read(string? words)
    {
        words = (words ?? "").Replace("\0", "", StringComparison.Ordinal).Trim();
        return words.Length <= Longest ? words : throw new AReasonIsTooLong();
    }

    /// <exception cref="Refusal">There are no words, or too many.</exception>
    public static string Needed(string? words, Func<Refusal> missing) => Read(words) is { Length: > 0 } reason ? reason : throw missing();
}

public sealed class AReasonIsTooLong() : Refusal($"理由不能超过 {Reasons.Longest} 字。");
public sealed class NoSuchInquiry() : Refusal("没有这件诉求，或您无权查看。");
public sealed class InquiryIsOver() : Refusal("这件诉求已经结束。");
public sealed class OnlyTheHandlerMay() : Refusal("只有当前处理人或负责人可以这样做。");
public sealed class ATransferNeedsAReason() : Refusal("转办须写明理由。");
public sealed class NeverToTheOneComplainedOf() : Refusal("不能转给诉求所涉及的干部。");
public sealed class TheReceiverIsNotThere() : Refusal("接收人不在岗、请假或已离任。");
public sealed class TheReceiverHoldsItAlready() : Refusal("这件诉求已经在接收人手上。");
public sealed class AnOfferIsOpen() : Refusal("已有一项转办或请专家的请求在等待答复。");
public sealed class TheOfferIsOver() : Refusal("这项请求已经有了结果或已过期。");
public sealed class OnlyTheReceiverMay() : Refusal("只有接收人可以答复这项请求。");
public sealed class ADeclineNeedsAReason() : Refusal("婉拒须写明理由。");
public sealed class ACrisisStaysWithItsResponder() : Refusal("危急诉求不转给专家；请先完成联系与处置。");
