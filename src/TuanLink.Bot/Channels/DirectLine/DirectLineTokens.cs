using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>Whom a token lets in: one user to one conversation, until a moment.</summary>
/// <param name="ShowsCards">Whether the client it was given to shows Adaptive Cards.</param>
public sealed record DirectLineTicket(string ConversationId, string UserId, DateTimeOffset Until, bool ShowsCards);

/// <summary>Signed tokens of the chat page: nothing is looked up to check one, and none can be made without the service's key.</summary>
public sealed class DirectLineTokens
{
    /// <summary>How long a token lets in; the client refreshes every 15 minutes.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(60);

    // A device that slept through a token's life may still trade it for a new one of the same conversation.
    private static readonly TimeSpan RefreshableFor = TimeSpan.FromDays(90);

    private const string Cards = "cards";

    private readonly byte[] _key;
    private readonly TimeProvider _time;

    public DirectLineTokens(SecretKeys keys, TimeProvider time) => (_key, _time) = (keys.Get("directline"), time);

    public string Issue(string conversationId, string userId, bool showsCards)
    {
        string until = (_time.GetUtcNow() + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] said = Encoding.UTF8.GetBytes($"{conversationId}\n{userId}\n{until}{(showsCards ? "\n" + Cards : "")}");
        return $"{Base64Url.EncodeToString(said)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, said))}";
    }

    /// <summary>Reads the token of an Authorization header; none if it is not ours.</summary>
    /// <param name="expired">Whether it is ours but its time is over; it can still be refreshed for a while.</param>
    public DirectLineTicket? Read(string? authorization, out bool expired)
    {
        expired = false;
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || authorization.Length > 2048)
            return null;
        string[] parts = authorization["Bearer ".Length..].Trim().Split('.');
        if (parts.Length != 2 || !Base64Url.IsValid(parts[0]) || !Base64Url.IsValid(parts[1]))
            return null;
        byte[] said = Base64Url.DecodeFromChars(parts[0]);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, said), Base64Url.DecodeFromChars(parts[1])))
            return null;
        string[] words = Encoding.UTF8.GetString(said).Split('\n');
        bool showsCards = words.Length == 4 && words[3] == Cards;
        if ((words.Length != 3 && !showsCards) || !long.TryParse(words[2], CultureInfo.InvariantCulture, out long seconds))
            return null;
        var until = DateTimeOffset.FromUnixTimeSeconds(seconds);
        DateTimeOffset now = _time.GetUtcNow();
        expired = until <= now;
        return until + RefreshableFor <= now ? null : new(words[0], words[1], until, showsCards);
    }
}
