using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>Turns of phrase that tell what a message does whatever it is about. None decides: each is one number among many.</summary>
internal static class TurnPhrases
{
    /// <summary>Each a family of words of one meaning, in normalised writing.</summary>
    public static readonly WordFamilies Families = new(
    [
        // another matter begins
        [
            "另外", "还有个事", "还有一个", "还有件事", "还想问", "再问", "顺便", "换个", "别的事", "另一个", "另一件", "对了", "话说",
            "还有就是想", "不是这个", "跟这个没关系", "跟上面", "新问题", "再咨询", "还要问", "多问一句", "问个别的", "插一句", "除了这个",
        ],
        // a word is awaited
        ["消息", "下文", "回音", "回话", "回信", "回复", "答复", "结果", "进展", "进度", "眉目", "说法", "动静", "信儿", "音信", "着落", "准话", "准信", "催", "到哪"],
        // a promise or a request is recalled
        ["上次", "上回", "上周", "上礼拜", "上个礼拜", "前几天", "那天", "昨天说", "说好", "答应", "说要", "说会", "让等", "交上去", "报上去", "提交", "之前问", "之前说", "反映的"],
        // those who answer are spoken to
        ["你们", "您", "老师", "你"],
        // a good end
        ["好了", "成了", "通了", "到账", "解决", "收到", "搞定", "办好", "补上", "修好", "弄好", "退了", "批了", "过了", "放心", "踏实", "松口气"],
        // thanks
        ["谢", "多谢", "感谢", "辛苦", "蟹蟹", "thx", "唔该", "麻烦你们了", "爱你"],
        // understood
        ["好的", "好嘞", "懂了", "明白", "知道了", "了解", "晓得", "清楚了", "收到", "行吧", "ok", "欧克", "嗯嗯", "好滴", "得嘞"],
        // no more of it
        ["算了", "不用", "别管", "撤", "取消", "不问了", "不告了", "不追究", "不投诉", "作废", "当我没", "不办了", "不需要", "别查", "别报", "到此为止", "不麻烦"],
        // a person is asked for
        ["人工", "真人", "活人", "客服", "换人", "负责人", "工作人员", "机器人", "电话", "微信", "找个", "来个人", "转接", "管事"],
        // what is kept is to be gone
        ["删", "注销", "清空", "抹", "销毁", "记录", "数据"],
        // something is offered
        ["加v", "加我", "微信", "私聊", "扫码", "进群", "优惠", "免费", "日结", "代理", "代写", "包过", "办理", "低息", "返现", "佣金", "名额", "链接"],
        // scorn
        ["垃圾", "废物", "傻", "滚", "破平台", "脑残", "智障", "饭桶", "屁", "sb", "他妈", "狗", "恶心", "摆设"],
    ]);

    // Ways to go on with what was said, at the beginning of a message.
    private static readonly string[] GoOn =
    [
        "那", "这个", "刚才", "刚刚", "上面", "前面", "就是", "然后", "但是", "可是", "不过", "所以", "补充", "他们", "她", "他", "它",
        "是的", "嗯", "好的", "对的", "不是", "没有", "有的", "因为", "后来", "还没", "已经", "具体", "也就是", "您说的", "你说的",
        "照你", "按你", "我说的", "忘了说", "材料", "这样", "那样", "如果", "要是", "其实",
    ];

    /// <summary>How a message ends.</summary>
    public static readonly string[] Endings = ["吗", "呢", "么", "没", "不", "了", "吧", "啊", "?", "!", "没有", "哈", "谢谢"];

    private static readonly string[] Questions = ["吗", "么", "不", "没", "呢", "嘛", "不能", "怎么办", "啥", "谁", "哪里", "多少"];

    public static bool Asks(ReadOnlySpan<char> text)
    {
        if (text.Contains('?')) return true;
        foreach (var word in Questions) if (text.EndsWith(word, StringComparison.Ordinal)) return true;
        return false;
    }

    public static bool GoesOn(ReadOnlySpan<char> text)
    {
        foreach (var word in GoOn) if (text.StartsWith(word, StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>修没修, 来没来, 批不批: whether something has come about.</summary>
    public static bool AsksWhetherDone(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
            if (text[i + 1] is '没' or '不' && text[i] == text[i + 2] && char.IsLetter(text[i])) return true;
        return false;
    }

    private const string Numerals = "0123456789一二两三四五六七八九十几半多好整", Spans = "天周月年日";

    /// <summary>三天了, 第5天, 又一个礼拜了: how long it has taken.</summary>
    public static bool CountsTime(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (!Numerals.Contains(text[i], StringComparison.Ordinal)) continue;
            var rest = text[(i + 1)..];
            if (rest[0] == '个') rest = rest[1..];
            var span = rest.StartsWith("礼拜", StringComparison.Ordinal) || rest.StartsWith("星期", StringComparison.Ordinal)
                || rest.StartsWith("小时", StringComparison.Ordinal) || rest.StartsWith("分钟", StringComparison.Ordinal) ? 2
                : rest.Length > 0 && Spans.Contains(rest[0], StringComparison.Ordinal) ? 1 : 0;
            if (span > 0 && (rest.Length == span || rest[span..].IndexOf('了') is >= 0 and <= 2 || (i > 0 && text[i - 1] == '第'))) return true;
        }
        return false;
    }
}
