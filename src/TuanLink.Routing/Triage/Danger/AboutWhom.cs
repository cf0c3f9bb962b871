namespace TuanLink.Routing.Triage.Danger;

/// <summary>Reads whether the one in danger is the writer or someone else, from who is named nearest before the danger.</summary>
internal static class AboutWhom
{
    private static readonly string[] Others =
    [
        "同学", "室友", "舍友", "朋友", "闺蜜", "兄弟", "哥们", "弟弟", "妹妹", "我弟", "我妹", "表弟", "表妹", "我哥", "我姐", "哥哥", "姐姐",
        "儿子", "女儿", "孩子", "我娃", "娃儿", "小孩", "男孩", "女孩", "男生", "女生", "学生", "学妹", "学弟", "学姐", "学长", "同事", "工友",
        "邻居", "老乡", "网友", "群友", "粉丝", "有人", "有个人", "一个人在", "他说", "她说", "他要", "她要", "他想", "她想", "他不", "她不",
        "他把", "她把", "他在", "她在", "他已", "她已", "他吃", "她吃", "他昏", "她昏", "他晕", "她晕", "他发", "她发", "他留", "她留", "他走", "她走",
        "爷爷", "奶奶", "外公", "外婆", "姥姥", "我妈", "我爸", "妈妈", "爸爸", "老公", "老婆", "对象", "女朋友", "男朋友", "前女友", "前男友", "她", "他",
    ];

    private static readonly string[] Self =
    [
        "我想", "我要", "我不想", "我不行", "我真", "我已经", "我吃了", "我割", "我被", "我快", "我在", "我活", "我死", "我现在", "我准备", "我打算",
        "我写好", "救我", "救救我", "帮帮我", "打我", "骂我", "关我", "绑我", "锁我", "逼我", "砍我", "追我", "跟踪我", "威胁我", "放我", "不让我",
        "我离家", "我跑出", "我走了", "我出来了", "我迷路", "我喘", "我流", "我疼", "我胸", "我头", "我吞", "我站在", "我坐在", "我躲", "我一个人",
        "我自己", "拍我", "摸我", "拉我", "掐我", "欺负我", "抢我", "拿我", "把我", "对我", "我",
    ];

    // Whoever stands behind one of these is given something (我把猫托给邻居): the giver may be in danger, not they. 吉他 and 其他 name nobody.
    private static readonly string[] NotMeantBehind = ["托给", "付给", "留给", "交给", "送给", "还给", "吉", "其"];

    /// <summary>True when someone else is in danger.</summary>
    /// <param name="normal">The normalised text.</param>
    /// <param name="danger">Where the danger is worded; the text's end where it is not known.</param>
    public static bool IsSomeoneElse(ReadOnlySpan<char> normal, int danger)
    {
        var other = Nearest(normal, Others, danger);
        var self = Nearest(normal, Self, danger);
        if (other < 0) return false;
        // done to the writer (他打我): the writer is the one in danger
        foreach (var done in Self.AsSpan(Array.IndexOf(Self, "救我"), 14))
            if (normal.IndexOf(done) >= 0) return false;
        // 我儿子, 我同学: the 我 belongs to the other
        return other > self || (self >= 0 && other >= 0 && other - self <= 1);
    }

    // Where the last of the words before a place begins, or -1.
    private static int Nearest(ReadOnlySpan<char> normal, string[] words, int before)
    {
        var nearest = -1;
        var part = normal[..Math.Min(normal.Length, Math.Max(before, 1))];
        foreach (var word in words)
        {
            var at = part.LastIndexOf(word);
            while (at > 0 && IsNotMeant(part[..at])) at = part[..at].LastIndexOf(word);
            nearest = Math.Max(nearest, at);
        }
        return nearest;
    }

    private static bool IsNotMeant(ReadOnlySpan<char> before)
    {
        foreach (var word in NotMeantBehind) if (before.EndsWith(word)) return true;
        return false;
    }
}
