using System.Collections.Frozen;
using TuanLink.Bot.Channels.DirectLine;

namespace TuanLink.Bot.Channels;

/// <summary>
/// What the clients of a channel can show, by the channel's id on the wire. Everybody gets the words, and choices as suggested actions;
/// whoever is not known to show those gets the choices in the words as well.
/// </summary>
public static class Abilities
{
    private static readonly FrozenSet<string> Cards = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "emulator", "msteams", "webchat");

    private static readonly FrozenSet<string> Choices = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        DirectLineChannel.Id, "emulator", "facebook", "kik", "line", "msteams", "slack", "telegram", "webchat");

    private static readonly FrozenSet<string> Typing = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        DirectLineChannel.Id, "emulator", "facebook", "msteams", "telegram", "webchat");

    /// <summary>Whether every client of this channel shows Adaptive Cards. On Direct Line it depends on the site (<see cref="DirectLineOptions.Cards"/>).</summary>
    public static bool ShowsCards(string channel) => Cards.Contains(channel);

    /// <summary>Whether suggested actions are shown as buttons.</summary>
    public static bool ShowsChoices(string channel) => Choices.Contains(channel);

    /// <summary>Whether somebody writing is shown.</summary>
    public static bool ShowsTyping(string channel) => Typing.Contains(channel);
}
