using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TuanLink.Bot.Channels;

/// <summary>Signs the addresses of files for clients that can send no token: HMAC-SHA256 over what it is for, the conversation, the file and the
/// end, written as <c>seconds.signature</c>. Only the same two open, and not after the end.</summary>
/// <param name="key">The secret.</param>
/// <param name="purpose">What it opens; a signature for one purpose opens nothing of another.</param>
public sealed class ExpiringSignature(byte[] key, string purpose, TimeProvider time)
{
    /// <summary>A signature that opens from now on for a while.</summary>
    public string Of(string conversation, string file, TimeSpan life)
    {
        long until = (time.GetUtcNow() + life).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{until}.{Over(conversation, file, until)}");
    }

    public bool Opens(string conversation, string file, string? given)
    {
        string[] parts = (given ?? "").Split('.');
        return parts.Length == 2 && parts[1].Length < 100 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long until)
            && until > time.GetUtcNow().ToUnixTimeSeconds()
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Over(conversation, file, until)), Encoding.UTF8.GetBytes(parts[1]));
    }

    private string Over(string conversation, string file, long until) => Base64Url.EncodeToString(HMACSHA256.HashData(key,
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}\n{conversation}\n{file}\n{until}"))));
}
