using System.Text.RegularExpressions;

namespace TuanLink.Routing.SecondOpinions;

/// <summary>
/// Takes out of a youth's words what points to a person, before they leave the house: numbers of every kind, accounts, addresses of mail
/// and web, and names as far as words around them or the roster show that they are names. Rather too much than too little.
/// </summary>
public static partial class Masking
{
    private const string Surname =
        "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单裴霍涂成苗谷盛曲冉翁蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝])";
    private const string Title = "(?:老师|医生|大夫|护士|主任|书记|经理|校长|院长|局长|科长|处长|队长|站长|厂长|先生|女士|同学|阿姨|叔叔|师傅|老板|辅导员|教授|律师|学长|学姐|学弟|学妹)";

    /// <param name="names">Names the house knows, e.g. those of its cadres and experts.</param>
    public static string Mask(string text, IEnumerable<string> names)
    {
        string masked = Mail().Replace(text, "[邮箱]");
        masked = Web().Replace(masked, "[链接]");
        masked = Account().Replace(masked, "${what}[账号]");
        masked = Place().Replace(masked, "[门牌]");
        masked = Digits().Replace(masked, "[号码]");
        masked = SpokenDigits().Replace(masked, "[号码]");
        masked = Handle().Replace(masked, "[账号]");
        foreach (string name in names.Where(n => n.Length >= 2).OrderByDescending(n => n.Length))
            masked = masked.Replace(name, "[姓名]", StringComparison.Ordinal);
        masked = DottedName().Replace(masked, "[姓名]");
        masked = SaidName().Replace(masked, "${before}[姓名]");
        masked = OwnName().Replace(masked, "${before}[姓名]");
        return TitledName().Replace(masked, "[姓名]");
    }

    [GeneratedRegex(@"[\w.+-]+\s*[@＠]\s*[\w-]+(\s*\.\s*[\w-]+)+")]
    private static partial Regex Mail();

    [GeneratedRegex(@"https?://\S+|www\.\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Web();

    [GeneratedRegex(@"(?<what>微信|薇信|威信|v信|vx|wx|wechat|QQ|扣扣|企鹅|抖音|小红书|微博)(?:号|账号|id|群)*(?:[:：是为\s=]*)[A-Za-z0-9_\-０-９]{4,24}", RegexOptions.IgnoreCase)]
    private static partial Regex Account();

    [GeneratedRegex(@"\d+\s*(?:号楼|栋|幢|单元|号院|弄)(?:\s*\d+\s*(?:单元|室|号)?)*|\d{3,}\s*(?:室|寝室|宿舍|房)")]
    private static partial Regex Place();

    // Five digits and more, however they are set apart: phones, identity cards, bank cards, student numbers. A last X belongs to an identity card.
    [GeneratedRegex(@"\+?\d(?:[\s\-－—.·()（）_]?\d){4,}[xX]?")]
    private static partial Regex Digits();

    [GeneratedRegex(@"[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖](?:[\s\-－.,，、]?[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]){6,}")]
    private static partial Regex SpokenDigits();

    // A word of Latin letters with a digit or an underscore in it is somebody's name somewhere.
    [GeneratedRegex(@"(?<![A-Za-z0-9_])(?=[A-Za-z0-9_-]*[A-Za-z])(?=[A-Za-z0-9_-]*[0-9_])[A-Za-z0-9_-]{6,24}(?![A-Za-z0-9_])")]
    private static partial Regex Handle();

    [GeneratedRegex(@"[\u4E00-\u9FFF]{2,6}[·•][\u4E00-\u9FFF]{1,8}")]
    private static partial Regex DottedName();

    [GeneratedRegex("(?<before>我叫|名叫|叫做|名字是|名字叫|姓名(?:[:：是]|\\s)*|本人)" + Surname + @"[\u4E00-\u9FFF]{1,2}")]
    private static partial Regex SaidName();

    [GeneratedRegex("(?<before>我是|他是|她是|他叫|她叫|找|联系人[:：]?|班长|室友|舍友|同事|男友|女友)(?!高[一二三中考职]|应届|师范|成年)" + Surname + @"[\u4E00-\u9FFF]{1,2}(?=[，。,.!！?？、；;\s\[（(]|$)")]
    private static partial Regex OwnName();

    [GeneratedRegex(Surname + @"[\u4E00-\u9FFF]{0,2}?(?=" + Title + ")")]
    private static partial Regex TitledName();
}
