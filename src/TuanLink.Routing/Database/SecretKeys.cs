using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace TuanLink.Routing.Database;

/// <summary>
/// Keys the service makes for itself. One machine keeps them in its data folder, for its own eyes; nodes on one PostgreSQL keep them
/// there, so that what one of them signed the others believe.
/// </summary>
public sealed class SecretKeys(IDbContextFactory<RoutingDb> databases, IOptions<DatabaseOptions> options)
{
    private const int Length = 32;

    /// <summary>The key of a name, 32 bytes; made when first asked for.</summary>
    public byte[] Get(string name) => Convert.FromBase64String(options.Value.Engine == Engine.Postgres ? FromDatabase(name) : FromFile(name));

    private static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    private string FromDatabase(string name)
    {
        string row = $"key_{name}";
        using RoutingDb db = databases.CreateDbContext();
        // Of two nodes that start at once, the first to write is right for both.
        db.Database.ExecuteSql($"INSERT INTO settings (name, value) VALUES ({row}, {New()}) ON CONFLICT (name) DO NOTHING");
        return db.Settings.AsNoTracking().Single(s => s.Name == row).Value;
    }

    private string FromFile(string name)
    {
        Directory.CreateDirectory(options.Value.Folder);
        string file = Path.Combine(options.Value.Folder, $"{name}.key");
        if (!File.Exists(file))
        {
            var made = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // From its first moment nobody else reads it.
            if (!OperatingSystem.IsWindows())
                made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(file, made))
                writer.Write(New());
        }
        return File.ReadAllText(file);
    }
}
