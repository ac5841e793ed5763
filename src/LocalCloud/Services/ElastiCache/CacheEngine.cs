using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>The data plane of a cache node.</summary>
internal interface ICacheEngine
{
    /// <summary>Starts a node and returns when it accepts connections.</summary>
    /// <exception cref="CacheFailedException">It does not start.</exception>
    Task<ProcessHandle> StartAsync(CacheServer server, CancellationToken cancellationToken);

    bool IsAlive(ProcessHandle process);

    Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken);

    Task StopAsync(ProcessHandle process, CancellationToken cancellationToken);
}

/// <param name="Name">E.g. <c>sync2-cache/0001</c>.</param>
/// <param name="Address">Its own.</param>
/// <param name="Port">On the address.</param>
/// <param name="Parameters">The parameter group's values.</param>
internal sealed record CacheServer(string Name, IPAddress Address, int Port, IReadOnlyDictionary<string, string> Parameters);

/// <summary>The data plane can't do it; the message says why, and what to do.</summary>
internal sealed class CacheFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One real memcached a node.</summary>
internal sealed class MemcachedEngine(CloudContext context, IProcessHost processes) : ICacheEngine
{
    private static readonly TimeSpan ReadyBudget = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly string[] UsualDirectories = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"];

    /// <summary>Where memcached is, or null.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(UsualDirectories)
            .Select(directory => Path.Combine(directory, "memcached")).FirstOrDefault(File.Exists);

    public async Task<ProcessHandle> StartAsync(CacheServer server, CancellationToken cancellationToken)
    {
        var program = Find() ?? throw new CacheFailedException(
            "memcached is not installed on this machine. Install it (Debian: apt-get install memcached), then delete and create the cache cluster again.");
        var directory = Path.Combine(context.StateDirectory, "elasticache");
        PrivateFile.CreateDirectory(directory);
        var log = Path.Combine(directory, $"{server.Name.Replace('/', '-')}.log");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            [Leftovers.Owner] = Path.Combine(directory, server.Name),
        };

        // A LocalCloud that was killed may have started one that it had no time to remember: it holds the port.
        await Leftovers.EndAsync(Leftovers.Owner, environment[Leftovers.Owner], StopGrace, context.Time);
        var spec = new ProcessSpec(program, Arguments(server), environment, directory, log);
        try
        {
            var process = await processes.StartAsync(spec, cancellationToken);
            await ReadyAsync(server, process, log, cancellationToken);
            return process;
        }
        catch (InvalidOperationException failure)
        {
            throw new CacheFailedException($"memcached of {server.Name} could not be started: {failure.Message}", failure);
        }
    }

    public bool IsAlive(ProcessHandle process) => processes.IsAlive(process);

    public Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken) => processes.WaitForExitAsync(process, cancellationToken);

    public Task StopAsync(ProcessHandle process, CancellationToken cancellationToken) => processes.StopAsync(process, StopGrace, cancellationToken);

    private static List<string> Arguments(CacheServer server)
    {
        List<string> arguments = ["-l", server.Address.ToString(), "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", "0", "-t", "2"];
        arguments.AddRange(MemcachedParameters.Arguments(server.Parameters));

        // memcached refuses to run as root unless it is told as whom.
        if (Environment.IsPrivilegedProcess) arguments.AddRange(["-u", "root"]);
        return arguments;
    }

    private async Task ReadyAsync(CacheServer server, ProcessHandle process, string log, CancellationToken cancellationToken)
    {
        var started = context.Time.GetTimestamp();
        while (true)
        {
            if (!processes.IsAlive(process))
            {
                var said = File.Exists(log) ? string.Join(" | ", File.ReadLines(log).TakeLast(3)) : "";
                throw new CacheFailedException($"memcached of {server.Name} ended while it started: {said}");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(server.Address, server.Port, cancellationToken);
                return;
            }
            catch (SocketException) when (context.Time.GetElapsedTime(started) < ReadyBudget)
            {
                await Task.Delay(Poll, context.Time, cancellationToken);
            }
            catch (SocketException failure)
            {
                await processes.StopAsync(process, StopGrace, CancellationToken.None);
                throw new CacheFailedException($"memcached of {server.Name} accepts no connection: {failure.Message}", failure);
            }
        }
    }
}
