using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;

namespace TuanLink.Bot.Commands;

/// <summary>import FOLDER: reads units, cadres, partners and youths from files.</summary>
public static class ImportCommand
{
    public static async Task<int> Import(string folder, string[] settings)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"There is no folder '{folder}'.");
            return 2;
        }
        await using WebApplication service = Service.Build(settings);
        await service.Services.MigrateRoutingDatabase(CancellationToken.None);
        Console.WriteLine(await service.Services.GetRequiredService<ImportCity>().Import(folder, CancellationToken.None));
        return 0;
    }
}
