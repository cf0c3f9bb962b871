namespace TuanLink.Routing.Triage.Danger;

/// <summary>Exaggeration, games, songs, coursework, news and good endings. They make a danger that was read from chance words
/// less likely, but only where nothing in the text speaks of danger to anybody: a joke beside a plan is a plan.</summary>
internal static class HarmlessContexts
{
    private static readonly string[] Contexts =
    [
        "哈哈", "嘻嘻", "笑死", "累死", "饿死", "热死", "冻死", "冷死", "困死", "烦死", "急死", "羡慕死", "卷死", "丑死", "美死", "甜死", "尴尬", "社死", "无聊死",
        "辣死", "可爱死", "爽死", "忙死", "穷死", "吓死", "气死", "渴死", "酸死", "臭死", "挤死", "吵死", "晒死", "撑死", "爱死", "睡死", "开心死", "人没了",
        "排位", "副本", "队友", "打野", "上分", "段位", "游戏", "吃鸡", "密室", "剧本杀", "追剧", "小说", "电影", "歌词", "话剧", "动漫", "恐怖片", "道具", "四杀", "五杀",
        "论文", "课题", "辩论", "期末", "老师讲", "考点", "新闻", "听说", "谣言", "宣传", "讲座", "演练", "演习", "急救课", 
        "已经找到", "找到了", "接回来了", "虚惊", "康复", "出院", "痊愈", "还清", "好多了", "睡得很香", "走出来了", "投稿", "感谢那", "谢谢那位", "谢谢当", "谢谢你们上次",
        "怀疑人生", "原地去世", "生无可恋", "要了老命", "渡劫", "钱包", "升天", "团购", "攻略",
    ];

    private static readonly string[] Dangers =
    [
        "今晚", "救我", "救救", "救命", "报警", "流血", "血", "没呼吸", "没有呼吸", "叫不醒", "不动了", "昏", "晕倒", "抽搐", "锁", "绑", "不让走", "不让我", "关着", "关在", "刀", "棍",
        "打我", "掐", "踹", "砸", "逼", "威胁", "失联", "联系不上", "没回来", "不见了", "走丢", "关机", "遗", "告别", "永别", "最后", "再也", "不想活", "活不", "想死", "去死", "自杀",
        "轻生", "不在了", "来世", "下辈子", "天台", "楼顶", "窗台", "栏杆", "跳", "割", "撑不", "解脱", "消失", "转账", "转了", "护照", "脱光", "裸", "强", "摸", "害怕", "不敢回",
    ];

    /// <summary>True when the text speaks in such a context and of no danger.</summary>
    public static bool In(ReadOnlySpan<char> normal) => Any(normal, Contexts) && !Any(normal, Dangers);

    // 累死了 is tired, not dead.
    private static readonly string[] Exaggerations =
    [
        "累死", "饿死", "热死", "冻死", "冷死", "困死", "烦死", "急死", "笑死", "羡慕死", "卷死", "丑死", "美死", "甜死", "尴尬死", "社死", "无聊死", "辣死", "可爱死", "爽死",
        "忙死", "穷死", "吓死", "气死", "渴死", "酸死", "臭死", "挤死", "吵死", "晒死", "撑死", "爱死", "睡死", "开心死", "坑死", "痒死", "土死", "贵死", "好吃死", "高兴死", "闷死", "麻烦死",
    ];

    /// <summary>The text without the 死 of its exaggerations, or null when it holds none or speaks of danger as well.</summary>
    public static string? WithoutExaggeration(ReadOnlySpan<char> normal)
    {
        if (normal.IndexOf('死') < 0 || !Any(normal, Exaggerations) || Any(normal, Dangers)) return null;
        var plain = normal.ToString();
        foreach (var word in Exaggerations) plain = plain.Replace(word, word[..^1], StringComparison.Ordinal);
        return plain;
    }

    private static bool Any(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words) if (text.IndexOf(word) >= 0) return true;
        return false;
    }
}
