using System.Collections.Frozen;

namespace TuanLink.Routing.Triage.Wording;

/// <summary>Emoji that carry a mood or a thing, as a word no longer than the emoji itself (so that normalising never
/// lengthens a text). Others become the mark <see cref="Unknown"/>.</summary>
internal static class EmojiWords
{
    public const string Unknown = "^";

    private const string Table =
        "😭哭 😢哭 😥哭 😿哭 🥺委屈 😞难过 😔难过 😟担心 🙁难过 😣难受 😖难受 😫累 😩累 😪困 😴困 🥱困 " +
        "😡气 😠气 🤬骂 😤气 💢气 😱怕 😨怕 😰怕 🫣怕 😳尴尬 😂笑 🤣笑 😄笑 😁笑 😆笑 😅汗 😊笑 🙂笑 😀笑 😃笑 " +
        "😏笑 🤭笑 😜笑 🐶狗头 😎酷 🙃无语 😑无语 😐无语 🙄无语 😒无语 🤔想 😷病 🤒病 🤕伤 🤮吐 🤢吐 🤧病 " +
        "🙏求 👍赞 👌好 👏赞 💪加油 🎉庆祝 🌹谢 💐谢 🫶谢 🤝谢 ❤爱 💔心碎 💕爱 🖤爱 💗爱 🥰爱 😍爱 😘爱 💍结婚 " +
        "🔪刀 💊药 💉打针 🩸血 🚑急救 🆘救命 ⚰棺 🪦墓 🕯蜡烛 🚨报警 👮警察 🏥医院 🏫学校 🏠家 🏭工厂 💰钱 💸钱 " +
        "💵钱 🧧红包 📚书 📖书 🎓毕业 📝写 💼工作 👶孩子 🤰怀孕 👋再见 😶无语 💀死 ☠死 🌧雨 🏀篮球 ⚽足球 🏃跑步 " +
        "🎵音乐 🎤唱歌 🎬电影 🎮游戏 ☺笑 ☹愁 ✋手 ⭐星 🔥火";

    /// <summary>Code point to word.</summary>
    public static readonly FrozenDictionary<int, string> Words = Table
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => (Point: char.ConvertToUtf32(entry, 0), Word: entry[(char.IsSurrogate(entry[0]) ? 2 : 1)..]))
        .Where(entry => entry.Word.Length <= (entry.Point > 0xFFFF ? 2 : 1))
        .ToFrozenDictionary(entry => entry.Point, entry => entry.Word);
}
