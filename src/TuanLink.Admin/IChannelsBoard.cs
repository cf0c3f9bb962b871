namespace TuanLink.Admin;

/// <summary>How a channel is doing.</summary>
/// <param name="Channel">Its id as on the wire.</param>
/// <param name="LastOutbound">The last delivery within a day.</param>
/// <param name="Sent">Words delivered within a day.</param>
/// <param name="FailedTries">Tries that failed within a day.</param>
/// <param name="Waiting">Words that wait now.</param>
/// <param name="GivenUp">Words given up within a day.</param>
/// <param name="NeedsToken">Whether we sign in at it.</param>
/// <param name="Token">Our token for it, in words.</param>
public sealed record ChannelLine(string Channel, string Name, bool IsOn, DateTimeOffset? LastInbound, DateTimeOffset? LastOutbound,
    int Sent, int FailedTries, int Waiting, int GivenUp, bool NeedsToken, string Token);

/// <summary>A host that has failed lately.</summary>
/// <param name="LeftAloneUntil">Until when nothing is sent there; none while it is still tried.</param>
public sealed record FailingHost(string Host, int FailuresInARow, DateTimeOffset? LeftAloneUntil);

/// <summary>The channels as the Admin needs them; the host that speaks to them stands behind it.</summary>
public interface IChannelsBoard
{
    /// <summary>Where youths find the chat page; none while no administrator has said.</summary>
    Uri? ChatAddress { get; }

    Task<IReadOnlyList<ChannelLine>> Lines(CancellationToken cancel);

    IReadOnlyList<FailingHost> Failing { get; }

    /// <summary>Signs in at the channel.</summary>
    /// <returns>Why that failed, in words; none if it went well.</returns>
    Task<string?> TrySignIn(string channel, CancellationToken cancel);

    /// <summary>What a WeChat code for a poster holds; none where WeChat is off or does not answer.</summary>
    Task<string?> WeChatCode(string scene, CancellationToken cancel);
}
