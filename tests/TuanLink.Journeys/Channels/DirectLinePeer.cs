using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace TuanLink.Journeys.Channels;

/// <summary>npm's botframework-directlinejs, the client of Web Chat, in a process of its own; after a cut it tries again at once.</summary>
public sealed class DirectLinePeer : IDisposable
{
    private static readonly Lock Installing = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _node;
    private readonly Channel<JsonElement> _said = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _reading;

    public DirectLinePeer()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "directline-peer");
        lock (Installing)
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "botframework-directlinejs")))
            {
                using Process npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]) { WorkingDirectory = folder })!;
                npm.WaitForExit();
                Assert.Equal(0, npm.ExitCode);
            }
        _node = Process.Start(new ProcessStartInfo("node", ["--no-deprecation", Path.Combine(folder, "peer.js")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _reading = Task.Run(Read);
    }

    /// <summary>The activities heard so far, in the order in which they came.</summary>
    public List<JsonElement> Heard { get; } = [];

    public void Start(Uri bot, string token, bool webSocket = true) =>
        Ask(new { @do = "start", domain = new Uri(bot, "/v3/directline").ToString(), token, webSocket });

    public void Post(string text, string key, string user = "pupil-7") =>
        Ask(new { @do = "post", activity = new { type = "message", text, from = new { id = user }, channelData = new { clientActivityID = key } } });

    /// <summary>Tears the open sockets, without a farewell.</summary>
    public void Cut() => Ask(new { @do = "cut" });

    /// <summary>Waits until something that the client says fits.</summary>
    public async Task<JsonElement> Says(Func<JsonElement, bool> fits)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonElement said = await _said.Reader.ReadAsync(patience.Token);
            if (said.TryGetProperty("failed", out JsonElement failure))
                Assert.Fail(failure.GetString()!);
            if (said.TryGetProperty("heard", out JsonElement heard))
                Heard.Add(heard);
            if (fits(said))
                return said;
        }
    }

    public Task<JsonElement> Says(string what) => Says(said => said.TryGetProperty(what, out _));

    /// <summary>Waits until so many activities were heard.</summary>
    public async Task Hears(int atLeast)
    {
        while (Heard.Count < atLeast)
            await Says("heard");
    }

    private async Task Read()
    {
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
            _said.Writer.TryWrite(JsonDocument.Parse(line).RootElement);
        _said.Writer.TryComplete();
    }

    private void Ask(object request)
    {
        _node.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        _node.StandardInput.Flush();
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _reading.Wait();
        _node.Dispose();
    }
}
