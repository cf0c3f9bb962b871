using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Journeys.Channels;

/// <summary>The program itself in a process of its own, on real ports and a SQLite file that outlives it: it can be killed as a machine kills it.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private readonly Uri _bot;
    private readonly Task _reading;

    private ServiceProcess(Process process, Uri bot)
    {
        (_process, _bot) = (process, bot);
        // Nobody reads what it says later; an unread pipe would stop it in the end.
        _reading = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <param name="folder">The data folder, which holds the demo city already (<see cref="Template.Copy"/>).</param>
    public static async Task<ServiceProcess> Start(string folder)
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "TuanLink.Bot.dll"), "--environment", "Development", $"--Database:Folder={folder}", $"--Triage:ModelFolder={Template.Models}",
            "--Service:BotPort=0", "--Service:BotAddress=127.0.0.1", "--Service:AdminPort=0", "--Demo:Load=false", "--Jobs:OnlyByHand=true", "--Logging:LogLevel:Default=Error",
        ]) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (ChatPage().Match(line) is { Success: true } said)
                return new(process, new Uri($"http://127.0.0.1:{said.Groups[1].Value}"));
        throw new Xunit.Sdk.XunitException("The service ended before it said where it listens.");
    }

    /// <summary>A youth says something; it is taken once this returns.</summary>
    public async Task Say(string serviceUrl, string conversation, string id, string text) =>
        (await _http.PostAsJsonAsync(new Uri(_bot, "/api/messages"), new
        {
            type = "message", id, channelId = "emulator", serviceUrl, text,
            conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
        })).EnsureSuccessStatusCode();

    /// <summary>kill -9, and waits for the end.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Looks into the file it writes, whether it runs or not.</summary>
    public static async Task<T> See<T>(string folder, Func<RoutingDb, Task<T>> look)
    {
        var options = new DbContextOptionsBuilder<RoutingDb>();
        DatabaseModule.Use(options, new DatabaseOptions { Folder = folder });
        await using var db = new RoutingDb(options.Options);
        return await look(db);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        await _reading;
        _process.Dispose();
        _http.Dispose();
    }

    [GeneratedRegex(@"chat page\s+http://localhost:(\d+)/")]
    private static partial Regex ChatPage();
}
