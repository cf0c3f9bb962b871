using System.Diagnostics;
using System.Globalization;

namespace TuanLink.Routing.Tests.Database;

/// <summary>
/// A real PostgreSQL server, one for the whole test process, in a temporary directory and behind a socket file in it:
/// no port to collide with, nobody else's access. It does not fsync; what must survive a power cut is not tested here.
/// </summary>
/// <remarks>
/// A keeper process holds the reading end of a pipe whose writing end this process holds. However this process ends,
/// even by kill -9, the pipe closes, and the keeper stops the server and removes the directory.
/// </remarks>
public sealed class PostgresServer
{
    private const string DirectoryPrefix = "tuanlink-pg-";

    // $1 directory, $2 binaries, the rest: how to become the user the server runs as.
    private const string KeeperScript =
        """
        directory=$1; binaries=$2; shift 2
        trap '' INT TERM HUP
        cat >/dev/null
        "$@" "$binaries/pg_ctl" stop -D "$directory/data" -m immediate -w -t 20
        rm -rf "$directory"
        """;

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private static int lastDatabase;

    private readonly string directory;
    private readonly Tools tools;

    private PostgresServer(string directory, Tools tools)
    {
        this.directory = directory;
        this.tools = tools;
    }

    /// <summary>Makes an empty database on the shared server, which is started when first asked for.</summary>
    /// <returns>Its connection string for Npgsql.</returns>
    /// <exception cref="InvalidOperationException">The server's binaries are missing, or it does not start; the message says which.</exception>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await Shared.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref lastDatabase)}");
        await server.tools.RunAsync("createdb", "-h", server.directory, "-U", "postgres", "-T", "template0", name);

        // Every database has a pool of its own in Npgsql: kept small and short-lived, they stay below the server's limit.
        return $"Host={server.directory};Username=postgres;Database={name};Maximum Pool Size=20;Connection Idle Lifetime=5;Connection Pruning Interval=1";
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var tools = Tools.Find();
        await RemoveStaleAsync(tools);

        // Not the process's own temporary directory: a socket's path may not be longer than 107 bytes.
        var directory = $"/tmp/{DirectoryPrefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..8]}";
        await Tools.RunProgramAsync("mkdir", "-m", "700", directory);
        var keeper = StartKeeper(directory, tools);
        if (tools.RunsAsRoot)
            await Tools.RunProgramAsync("chown", "postgres:", directory);

        await tools.RunAsync(
            "initdb", "-D", $"{directory}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await tools.RunAsync(
            "pg_ctl", "start", "-D", $"{directory}/data", "-l", $"{directory}/log", "-w", "-t", "60", "-o",
            $"-k {directory} -c listen_addresses= -c unix_socket_permissions=0700 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB");

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            keeper.StandardInput.Close();
            keeper.WaitForExit(TimeSpan.FromSeconds(30));
        };
        return new PostgresServer(directory, tools);
    }

    private static Process StartKeeper(string directory, Tools tools)
    {
        // A session of its own, so that a signal to the test runner's group does not reach it.
        var start = new ProcessStartInfo(
            "setsid", ["/bin/sh", "-c", $"exec >/dev/null 2>&1\n{KeeperScript}", "keeper", directory, tools.Binaries, .. tools.BecomeUser])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        return Process.Start(start) ?? throw new InvalidOperationException("setsid does not start.");
    }

    /// <summary>Stops and removes what a run left whose keeper was killed with it.</summary>
    private static async Task RemoveStaleAsync(Tools tools)
    {
        foreach (var left in Directory.EnumerateDirectories("/tmp", DirectoryPrefix + "*"))
        {
            var owner = Path.GetFileName(left)[DirectoryPrefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}"))
                continue;
            try
            {
                if (File.Exists($"{left}/data/postmaster.pid"))
                    await tools.RunAsync("pg_ctl", "stop", "-D", $"{left}/data", "-m", "immediate");
            }
            catch (InvalidOperationException)
            {
                // It had died already.
            }

            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // Another user's, or its keeper is removing it at this moment.
            }
        }
    }

    /// <summary>The server's programs, run as a user the server accepts: it refuses root.</summary>
    private sealed record Tools(string Binaries, string[] BecomeUser)
    {
        public bool RunsAsRoot => BecomeUser.Length > 0;

        public static Tools Find()
        {
            string[] become = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];
            var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
            var newestFirst = debian
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"));
            var elsewhere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
            var binaries = newestFirst.Concat(elsewhere).FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")))
                ?? throw new InvalidOperationException("No PostgreSQL server on this machine: ./test.sh installs it, or apt-get install postgresql.");
            return new Tools(binaries, become);
        }

        public Task RunAsync(string program, params string[] arguments) =>
            RunProgramAsync([.. BecomeUser, Path.Combine(Binaries, program), .. arguments]);

        /// <exception cref="InvalidOperationException">It ended with a code other than 0; the message has what it said.</exception>
        public static async Task RunProgramAsync(params string[] command)
        {
            // Output goes to a file: the server inherits it from pg_ctl and would keep a pipe open for ever.
            var said = Path.GetTempFileName();
            try
            {
                var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$SAID\" 2>&1 </dev/null", "sh", .. command])
                {
                    WorkingDirectory = "/",
                };
                start.Environment["SAID"] = said;
                using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} does not start.");
                await process.WaitForExitAsync();
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(said)}");
            }
            finally
            {
                File.Delete(said);
            }
        }
    }
}
