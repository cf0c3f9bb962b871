using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Contacts;

/// <summary>Whom a code names: a cadre, or a unit.</summary>
public sealed record CodeOf(bool IsCadre, long Id)
{
    public static CodeOf Cadre(long id) => new(true, id);
    public static CodeOf Unit(long id) => new(false, id);
}

/// <summary>
/// The codes on posters (亮身份): short, unguessable, and read without a look-up. They are printed, so the key that signs them lives in the
/// database, where it is backed up and every node finds it; whoever loses it reprints the posters.
/// </summary>
public sealed class ContactCodes(IDbContextFactory<RoutingDb> databases, ITransactions transactions) : IDisposable
{
    private const string KeySetting = "contact-code-key";

    // No 0/O, 1/I/L: a code can be typed from paper.
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    private const int SignLetters = 12;
    private const int Longest = 40;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private byte[]? _key;

    /// <summary>The code of a cadre or unit: the same each time, 31¹² guesses away from any other's.</summary>
    public async ValueTask<string> Of(CodeOf named, CancellationToken cancel)
    {
        string said = (named.IsCadre ? "G" : "U") + named.Id.ToString(CultureInfo.InvariantCulture);
        return $"{said}-{Sign(await Key(cancel), said)}";
    }

    /// <returns>None if it is no code of ours.</returns>
    public async ValueTask<CodeOf?> Read(string code, CancellationToken cancel)
    {
        string[] parts = code.Length <= Longest ? code.Trim().ToUpperInvariant().Split('-') : [];
        if (parts.Length != 2 || parts[0].Length < 2 || parts[0][0] is not ('G' or 'U')
            || !long.TryParse(parts[0].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return null;
        byte[] right = Encoding.ASCII.GetBytes(Sign(await Key(cancel), parts[0]));
        return CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(parts[1])) ? new(parts[0][0] == 'G', id) : null;
    }

    private static string Sign(byte[] key, string said)
    {
        byte[] hash = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(said));
        // Two bytes a letter keep the letters even to one part in two thousand.
        return string.Create(SignLetters, hash, static (letters, bytes) =>
        {
            for (int i = 0; i < letters.Length; i++)
                letters[i] = Letters[((bytes[2 * i] << 8) | bytes[(2 * i) + 1]) % Letters.Length];
        });
    }

    private ValueTask<byte[]> Key(CancellationToken cancel) => _key is { } known ? new(known) : new(ReadKey(cancel));

    private async Task<byte[]> ReadKey(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            if (_key is null)
            {
                string? kept;
                await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
                    kept = await db.Settings.AsNoTracking().Where(s => s.Name == KeySetting).Select(s => s.Value).FirstOrDefaultAsync(cancel);
                _key = Convert.FromBase64String(kept ?? await transactions.Run(Make, cancel));
            }
            return _key;
        }
        finally
        {
            _reading.Release();
        }
    }

    // Two nodes may begin at once: the second finds the first one's key.
    private static async Task<string> Make(RoutingDb db, CancellationToken cancel)
    {
        if (await db.Settings.FindAsync([KeySetting], cancel) is { } made)
            return made.Value;
        var key = new Setting { Name = KeySetting, Value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        db.Settings.Add(key);
        return key.Value;
    }

    public void Dispose() => _reading.Dispose();
}
