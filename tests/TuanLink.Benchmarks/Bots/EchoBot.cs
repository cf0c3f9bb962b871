using System.Diagnostics;
using System.Globalization;

namespace TuanLink.Benchmarks.Bots;

/// <summary>The yardstick: an echo bot on npm's botbuilder, restored when it is first needed.</summary>
internal static class EchoBot
{
    private static readonly string Home = Path.Combine(Workplace.Checkout, "tests", "TuanLink.Benchmarks", "echo-bot");

    public static async Task<BotProcess> StartAsync(Workplace workplace, CancellationToken cancellation)
    {
        await RestoreAsync(cancellation);
        var address = BotProcess.FreeAddress();
        var environment = new Dictionary<string, string>
        {
            ["PORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["NODE_ENV"] = "production",
        };
        return BotProcess.Start(["node", "index.js"], environment, Home, address, workplace.PathOf("echo-bot.log"));
    }

    private static async Task RestoreAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(Path.Combine(Home, "node_modules", "botbuilder")))
            return;
        Console.WriteLine("Restoring botbuilder with npm …");
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund"]) { WorkingDirectory = Home })
            ?? throw new BenchmarkException("npm does not start.");
        await npm.WaitForExitAsync(cancellation);
        if (npm.ExitCode != 0)
            throw new BenchmarkException($"npm install ended with code {npm.ExitCode}.");
    }
}
