using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>The envelope is not one for us, or is damaged.</summary>
public sealed class WrongEnvelope() : Exception("The message cannot be opened.");

/// <summary>
/// WeChat's encrypted mode (PROTOCOLS.md §4): AES-256-CBC whose first 16 key bytes are the IV; inside 16 random bytes, a big-endian length,
/// the message and the app id, padded to 32 bytes. And its signatures: SHA-1 over the sorted parts.
/// </summary>
public static class WeChatCipher
{
    // WeChat pads to two AES blocks; .NET's own padding knows one and would refuse 17 to 32.
    private const int PadTo = 32;
    private const int Salt = 16;

    public static bool IsKey(string key) => key.Length == 43 && key.All(char.IsAsciiLetterOrDigit) && Bytes(key).Length == 32;

    /// <summary>The signature of the parts: sorted by code point, joined, SHA-1 in lower-case hexadecimal.</summary>
    public static string Sign(params ReadOnlySpan<string> parts)
    {
        string[] sorted = parts.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        // SHA-1 is what the protocol says.
#pragma warning disable CA5350
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(sorted))));
#pragma warning restore CA5350
    }

    /// <summary>Compares without telling by the time it takes how much was right.</summary>
    public static bool IsSigned(string? signature, params ReadOnlySpan<string> parts) =>
        signature is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(parts)));

    public static string Encrypt(string message, string key, string appId)
    {
        byte[] text = Encoding.UTF8.GetBytes(message), app = Encoding.UTF8.GetBytes(appId);
        int length = Salt + sizeof(int) + text.Length + app.Length;
        int pad = PadTo - (length % PadTo);
        byte[] plain = new byte[length + pad];
        RandomNumberGenerator.Fill(plain.AsSpan(0, Salt));
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(Salt), text.Length);
        text.CopyTo(plain, Salt + sizeof(int));
        app.CopyTo(plain, Salt + sizeof(int) + text.Length);
        plain.AsSpan(length).Fill((byte)pad);
        using Aes aes = Cipher(key);
        return Convert.ToBase64String(aes.EncryptCbc(plain, aes.IV, PaddingMode.None));
    }

    /// <exception cref="WrongEnvelope">It is not for this app, or is damaged; which of the two is not told.</exception>
    public static string Decrypt(string encrypted, string key, string appId)
    {
        byte[] sealedBytes = new byte[encrypted.Length];
        if (!Convert.TryFromBase64String(encrypted, sealedBytes, out int count) || count == 0 || count % 16 != 0)
            throw new WrongEnvelope();
        using Aes aes = Cipher(key);
        byte[] plain = aes.DecryptCbc(sealedBytes.AsSpan(0, count), aes.IV, PaddingMode.None);
        int pad = plain[^1];
        if (pad is < 1 or > PadTo || plain.Length - pad < Salt + sizeof(int))
            throw new WrongEnvelope();
        ReadOnlySpan<byte> inside = plain.AsSpan(Salt, plain.Length - pad - Salt);
        int length = BinaryPrimitives.ReadInt32BigEndian(inside);
        inside = inside[sizeof(int)..];
        if (length < 0 || length > inside.Length || !inside[length..].SequenceEqual(Encoding.UTF8.GetBytes(appId)))
            throw new WrongEnvelope();
        return Encoding.UTF8.GetString(inside[..length]);
    }

    private static byte[] Bytes(string key) => Convert.FromBase64String(key + "=");

    private static Aes Cipher(string key)
    {
        var aes = Aes.Create();
        aes.Key = Bytes(key);
        aes.IV = aes.Key[..16];
        return aes;
    }
}
