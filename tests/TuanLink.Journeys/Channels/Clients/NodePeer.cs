using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>Other people's code from npm in a process of its own; it says one JSON a line. Installed beside the tests, once.</summary>
public sealed class NodePeer : IAsyncDisposable
{
    private static readonly Lock Installing = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _node;
    private readonly Channel<JsonElement> _said = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _reading;

    /// <param name="folder">A folder of this project that holds peer.js and package.json.</param>
    public NodePeer(string folder, params string[] arguments)
    {
        string place = Place(folder);
        lock (Installing)
            if (!File.Exists(Path.Combine(place, "node_modules", ".package-lock.json")))
                Run("npm", place, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent");
        _node = Process.Start(new ProcessStartInfo("node", ["--no-deprecation", Path.Combine(place, "peer.js"), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _reading = Task.Run(Read);
    }

    public static string Place(string folder) => Path.Combine(AppContext.BaseDirectory, folder);

    public static void Run(string program, string place, params string[] arguments)
    {
        using Process running = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = place, RedirectStandardOutput = true })!;
        running.StandardOutput.ReadToEnd();
        running.WaitForExit();
        Assert.True(running.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {running.ExitCode}");
    }

    public void Say(string line)
    {
        _node.StandardInput.WriteLine(line);
        _node.StandardInput.Flush();
    }

    /// <summary>The next thing it says.</summary>
    public async Task<JsonElement> Hear()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _said.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Everything it says until it ends by itself.</summary>
    public async Task<List<JsonElement>> HearAll()
    {
        using var patience = new CancellationTokenSource(Patience * 2);
        return await _said.Reader.ReadAllAsync(patience.Token).ToListAsync(patience.Token);
    }

    private async Task Read()
    {
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
            _said.Writer.TryWrite(JsonDocument.Parse(line).RootElement);
        _said.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        await _reading;
        _node.Dispose();
    }
}
