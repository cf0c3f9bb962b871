using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TuanLink.Benchmarks.Load;

namespace TuanLink.Benchmarks.Bots;

/// <summary>A bot running as a process of its own, its output going to a file.</summary>
internal sealed class BotProcess : IDisposable
{
    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly Process process;
    private readonly string log;

    private BotProcess(Process process, Uri address, string log)
    {
        this.process = process;
        this.log = log;
        Address = address;
        Started = Stopwatch.GetTimestamp();
    }

    public Uri Address { get; }

    /// <summary>The stopwatch's timestamp of the start.</summary>
    public long Started { get; }

    /// <summary>Processor time in user and kernel mode since the start (utime + stime of /proc/PID/stat, steps of 10 ms).</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>VmRSS in MiB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kibibytes = line.AsSpan("VmRSS:".Length).Trim().TrimEnd("kB").Trim();
            return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">What is added to this process's environment.</param>
    /// <param name="log">Where standard output and error go; the file grows over restarts.</param>
    public static BotProcess Start(
        string[] command, IReadOnlyDictionary<string, string> environment, string directory, Uri address, string log)
    {
        // The shell hands its process over to the bot: the output needs no reader here, and the id stays the same.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$BOT_LOG\" 2>&1 </dev/null", "sh", .. command])
        {
            WorkingDirectory = directory,
        };
        start.Environment["BOT_LOG"] = log;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new BenchmarkException($"{command[0]} does not start.");
        Running[process.Id] = process;
        return new BotProcess(process, address, log);
    }

    /// <summary>A TCP port that was free a moment ago.</summary>
    public static Uri FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    /// <summary>Posts the message again and again until it is answered 200.</summary>
    /// <returns>The time since the process was started.</returns>
    /// <exception cref="BenchmarkException">The bot ended, or there was no 200 within a minute.</exception>
    public async Task<TimeSpan> FirstAnswerAsync(MessageActivity message, string serviceUrl, CancellationToken cancellation)
    {
        var request = message.ToRequest(Address, serviceUrl, TimeProvider.System.GetUtcNow());
        using var connection = new BotConnection(Address);
        var last = "no connection";
        while (Stopwatch.GetElapsedTime(Started) < TimeSpan.FromMinutes(1))
        {
            if (process.HasExited)
                throw new BenchmarkException($"The bot ended with code {process.ExitCode}. The end of {log}:\n{LogEnd()}");
            try
            {
                var status = await connection.SendAsync(request, cancellation);
                if (status == 200)
                    return Stopwatch.GetElapsedTime(Started);
                last = status.ToString(CultureInfo.InvariantCulture);
            }
            catch (SocketException)
            {
                // It does not listen yet.
            }

            await Task.Delay(2, cancellation);
        }

        throw new BenchmarkException($"No turn was answered 200 within a minute (last: {last}). The end of {log}:\n{LogEnd()}");
    }

    /// <summary>kill -9, and waits for the end.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        Running.TryRemove(process.Id, out _);
        process.Dispose();
    }

    public static void KillAll()
    {
        foreach (var (id, process) in Running)
        {
            if (Running.TryRemove(id, out _) && !process.HasExited)
                process.Kill();
        }
    }

    private string LogEnd() => string.Join('\n', File.Exists(log) ? File.ReadLines(log).TakeLast(20) : []);
}
