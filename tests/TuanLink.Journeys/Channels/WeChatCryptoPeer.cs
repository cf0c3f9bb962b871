using System.Diagnostics;
using System.Text.Json;

namespace TuanLink.Journeys.Channels;

/// <summary>npm's wechat-crypto in a process of its own: another's understanding of the encrypted mode.</summary>
public sealed class WeChatCryptoPeer : IDisposable
{
    private readonly Process _node;

    public WeChatCryptoPeer()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "wechat-peer");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "wechat-crypto")))
        {
            using Process npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]) { WorkingDirectory = folder })!;
            npm.WaitForExit();
            Assert.Equal(0, npm.ExitCode);
        }
        _node = Process.Start(new ProcessStartInfo("node", ["--no-deprecation", Path.Combine(folder, "peer.js")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    public JsonElement Ask(object request)
    {
        _node.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        _node.StandardInput.Flush();
        return JsonDocument.Parse(_node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("wechat-crypto has died.")).RootElement;
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _node.Dispose();
    }
}
