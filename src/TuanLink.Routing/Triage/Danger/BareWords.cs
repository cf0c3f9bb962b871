using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Words of self-harm that are a crisis by themselves when hardly anything stands beside them (a lone 上吊), or when
/// the writer wishes or offers it (想跳楼, 约自杀). The seeds teach none of them, by design. Within a story, an exercise or a
/// piece of news they are left to what was learned.</summary>
internal static class BareWords
{
    private const int Alone = 8;

    private static readonly string[] Words =
    [
        "自杀", "自尽", "轻生", "寻死", "跳楼", "跳河", "跳江", "跳海", "跳桥", "卧轨", "上吊", "吊死", "割腕", "割脉", "烧炭", "吞药",
        "喝农药", "安眠药", "服毒", "撞车", "撞墙死", "自缢", "自残", "自刎", "去死", "想死", "不想活", "死了算了", "一了百了", "结束生命",
    ];

    // Places and farewells that leave no doubt, whoever stands there or says them.
    private static readonly string[] Plain =
    [
        "坐在天台", "站在天台", "天台边", "上了天台", "在楼顶边", "坐在楼顶", "站在楼顶", "上了楼顶", "站在窗台", "坐在窗台", "爬上窗台", "栏杆外", "翻过栏杆",
        "翻出栏杆", "坐在桥边", "站在桥边", "桥栏杆", "要跳下去", "想跳下去", "就跳下去", "准备跳", "往铁轨", "卧在铁轨", "遗书写", "写好遗书", "写了遗书", "留了遗书", "留下遗书",
        "来道别的", "来告别的", "死意已决", "4意已决", "这条命不要", "撑不到天亮", "撑不过今晚", "活不过今晚", "活到今天为止", "不想看到明天", "下辈子再", "来世再", "要了结自己",
        "没有呼吸了", "没有心跳", "摸不到脉搏", "叫不醒了", "口吐白沫", "血止不住", "喷血",
    ];

    // What turns a word into a wish, a plan or an offer when it stands close before it.
    private static readonly string[] Wishes =
    [
        "我想", "好想", "真想", "很想", "只想", "就想", "想去", "想要", "我要", "去", "准备", "打算", "决定", "约", "一起", "组团", "找人", "找个",
        "有没有人", "怎么", "如何", "试过", "试了", "差点", "差一点", "回家就可以", "克制", "忍不住", "今晚", "明天", "现在",
    ];

    private static readonly string[] Stories =
    [
        "作业", "论文", "课", "老师讲", "考试", "题", "游戏", "排位", "队友", "电影", "小说", "歌", "剧", "演", "新闻", "听说", "网上", "热搜", "宣传", "讲座", "预防",
        "干预", "研究", "志愿", "培训", "哈哈", "笑", "以前", "曾经", "当年", "谢谢", "康复", "跳楼机", "跳楼价", "大甩卖", "如何帮", "怎么帮", "怎么劝",
        "统计", "率", "规定", "赔", "保险", "责任", "法律", "案", "防止", "防", "科目", "驾校", "事故", "电动车", "作品", "社死", "累", "丢人", "尴尬",
    ];

    private static readonly WordFamilies All = new([[.. Words, .. Plain]]), Told = new([Stories]), Wished = new([Wishes]);

    /// <summary>The word, or null.</summary>
    public static string? In(ReadOnlySpan<char> normal)
    {
        if (!All.AnyIn(normal) || Told.AnyIn(normal)) return null;
        foreach (var words in Plain)
            if (normal.IndexOf(words) >= 0) return words;
        foreach (var word in Words)
        {
            var at = normal.IndexOf(word);
            if (at < 0) continue;
            if (normal.Length <= Alone + word.Length) return word;
            var before = normal[Math.Max(0, at - 6)..at];
            if (Wished.AnyIn(before)) return word;
        }
        return null;
    }
}
