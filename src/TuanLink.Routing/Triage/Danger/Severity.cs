using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>How grave a danger reads (0..1), to order people in danger among themselves: a plan, means, a time, a farewell,
/// or something under way weighs more than a wish; the past, others' stories and holding on weigh less. It orders; whether
/// there is danger at all it does not decide, so that a gentle wording never costs anyone a hearing.</summary>
internal static class Severity
{
    // Each group counts once, however many of its words are met.
    private static readonly (double Weight, string[] Words)[] Groups =
    [
        (1.2, ["今晚", "今天就", "马上", "现在就", "这就去", "明天就", "今夜", "一会儿就", "待会", "此刻", "倒计时", "下周", "周末就", "等会"]),
        (1.3, ["遗书", "遗言", "后事", "绝笔", "告别", "永别", "再见了", "来世", "来生", "下辈子", "晚安世界", "最后一条", "最后一次", "最后一天", "照顾好", "保重", "对不起爸", "别找我"]),
        (1.3, ["准备好", "已经买", "买好了", "买了", "计划", "打算", "决定了", "想好了", "选好", "试过", "试了", "尝试", "安排好", "写好", "攒了", "攒够", "下定决心", "约定", "一起走", "约死", "找人一起"]),
        (1.1, ["割", "跳楼", "跳下", "跳河", "跳海", "安眠药", "吃药", "吞", "烧炭", "上吊", "天台", "楼顶", "窗边", "窗台", "农药", "吊死", "卧轨", "沼泽", "撞向", "撞车", "跳江", "跳桥", "自残", "流血", "刀", "绳", "煤气", "轻生", "自杀"]),
        (1.5, ["一起死", "一起去死", "约自杀", "约死", "组团", "有约", "约吗", "滴滴", "私信", "有人一起", "找人", "求带", "怎么死", "痛苦吗", "疼吗", "痛吗", "无痛", "多久会死", "死法"]),
        (0.9, ["正在", "已经", "刚刚", "刚才", "开始了", "站在", "坐在", "爬上"]),
        (0.7, ["撑不下去", "坚持不下去", "受不了", "活不下去", "解脱", "结束生命", "结束自己", "了结", "去死", "自尽", "离开这个世界", "离开世界"]),
        (-0.9, ["以前", "曾经", "那时候", "当时", "那年", "去年", "小时候", "之前"]),
        (-1.0, ["不敢", "没有勇气", "怕疼", "舍不得", "放不下", "不能死", "不想死", "撑住", "坚持下去", "加油", "好起来", "希望", "努力活", "为了爸妈", "为了父母"]),
        (-0.6, ["有时候", "偶尔", "好像", "也许", "如果", "要是", "有点", "是不是应该", "为什么"]),
        (-0.5, ["那个女孩", "那个姑娘", "新闻", "看到一个", "别人", "有人说", "抑郁症"]),
    ];

    // Of two who say the same, the one in whom more danger was read. Not more than that: how surely a text is a danger says little of how grave
    // it is (docs/sorting.md).
    private const double OfDanger = 0.05;

    private static readonly WordFamilies Families = new([.. Groups.Select(g => g.Words)]);

    /// <param name="normal">The normalised text.</param>
    /// <param name="danger">The learned danger (0..1).</param>
    public static double Of(ReadOnlySpan<char> normal, double danger)
    {
        var bounded = Math.Clamp(danger, 0.001, 0.999);
        var sum = OfDanger * Math.Log(bounded / (1 - bounded));
        var met = Families.In(normal);
        for (var g = 0; g < Groups.Length; g++)
            if ((met & 1u << g) != 0) sum += Groups[g].Weight;
        return 1 / (1 + Math.Exp(-sum));
    }
}
