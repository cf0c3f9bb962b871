using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Bot;

/// <summary>The keys behind sign-in cookies and form tokens, kept in the database that several nodes share: a cookie of one is good at all.</summary>
public sealed class SignInKeys(IDbContextFactory<RoutingDb> databases, ITransactions transactions) : IXmlRepository
{
    private const string Prefix = "sign_in_key_";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using RoutingDb db = databases.CreateDbContext();
        return [.. db.Settings.AsNoTracking().Where(s => s.Name.StartsWith(Prefix)).OrderBy(s => s.Name).Select(s => s.Value).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName) =>
        transactions.Run((db, _) =>
        {
            db.Settings.Add(new Setting { Name = Prefix + friendlyName, Value = element.ToString(SaveOptions.DisableFormatting) });
            return Task.CompletedTask;
        }, CancellationToken.None).GetAwaiter().GetResult();
}

public static class SignInKeysModule
{
    /// <summary>Keeps the keys in the data folder on one machine, in the database where several nodes share it. Without, every restart would sign everybody out.</summary>
    public static IServiceCollection AddSignInKeys(this IServiceCollection services, DatabaseOptions database)
    {
        IDataProtectionBuilder keys = services.AddDataProtection().SetApplicationName("TuanLink");
        if (database.Engine == Engine.Sqlite)
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(database.Folder, "keys")));
            return services;
        }
        services.AddSingleton<SignInKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<SignInKeys>((options, kept) => options.XmlRepository = kept);
        return services;
    }
}
