using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>The units of one machine: which are enabled, which run.</summary>
internal sealed class UnitSet(IUnitHost host)
{
    private static readonly string[] Directories = ["etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];

    private static readonly string[] BootTargets = ["multi-user.target", "default.target", "graphical.target"];

    private readonly ConcurrentDictionary<string, UnitRunner> runners = new(StringComparer.Ordinal);

    /// <summary>A name without a suffix means a service.</summary>
    public static string FullName(string name) => Path.HasExtension(name) ? Path.GetFileName(name) : name + ".service";

    /// <summary>Reads a unit file of a machine, or gives null if there is none.</summary>
    public static UnitFile? Load(MachinePaths paths, string name) =>
        Find(paths, name) is { } path ? UnitFile.Parse(name, File.ReadAllText(Path.Combine(paths.Root, path))) : null;

    /// <summary>The units that start at boot, by name.</summary>
    public IReadOnlyList<string> Enabled() => [.. BootTargets
        .Select(target => Path.Combine(host.Paths.Root, "etc/systemd/system", target + ".wants"))
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateFileSystemEntries)
        .Select(path => Path.GetFileName(path))
        .Where(name => name.EndsWith(".service", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)];

    public UnitState StateOf(string name) => runners.TryGetValue(name, out var runner) ? runner.State : UnitState.Inactive;

    public bool IsEnabled(string name) => Wants().Any(directory => Exists(Path.Combine(directory, name)));

    /// <summary>Links it below the targets that want it. Gives null, or why it failed.</summary>
    public string? Enable(string name)
    {
        if (Find(host.Paths, name) is not { } path || host.Load(name) is not { } unit) return $"Failed to enable unit: Unit file {name} does not exist.";
        foreach (var target in unit.WantedBy)
        {
            var directory = Path.Combine(host.Paths.Root, "etc/systemd/system", target + ".wants");
            Directory.CreateDirectory(directory);
            var link = Path.Combine(directory, name);
            if (Exists(link)) continue;

            // As systemd links: to the path as the instance knows it.
            File.CreateSymbolicLink(link, "/" + path);
        }

        return null;
    }

    public void Disable(string name)
    {
        foreach (var directory in Wants()) File.Delete(Path.Combine(directory, name));
    }

    public Task<string?> StartAsync(string name, CancellationToken cancellationToken) => Runner(name).StartAsync(cancellationToken);

    public async Task<string?> StopAsync(string name)
    {
        if (runners.TryGetValue(name, out var runner)) await runner.StopAsync();
        else if (host.Load(name) is null) return $"Failed to stop {name}: Unit {name} not loaded: not found.";
        return null;
    }

    public async Task<string?> RestartAsync(string name, CancellationToken cancellationToken)
    {
        await Runner(name).StopAsync();
        return await Runner(name).StartAsync(cancellationToken);
    }

    public Task<string?> ReloadAsync(string name, CancellationToken cancellationToken) => Runner(name).ReloadAsync(cancellationToken);

    /// <summary>Sends SIGTERM to a unit's main process. Gives null, or why it failed.</summary>
    public string? Signal(string name)
    {
        if (!runners.TryGetValue(name, out var runner) || runner.MainProcess is not { } handle || !host.Processes.IsAlive(handle)) return $"Failed to kill unit {name}: Unit {name} not loaded or not running: not found.";
        Signals.SendToGroup(handle.Pid, Signals.Terminate);
        return null;
    }

    public void Adopt(string name, ProcessHandle handle) => Runner(name).Adopt(handle);

    public Task StopAllAsync() => Task.WhenAll(runners.Values.Select(runner => runner.StopAsync()));

    public Task DetachAllAsync() => Task.WhenAll(runners.Values.Select(runner => runner.DetachAsync()));

    private static string? Find(MachinePaths paths, string name) =>
        Directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(path => File.Exists(Path.Combine(paths.Root, path)));

    /// <summary>Also a link that leads nowhere here.</summary>
    private static bool Exists(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private UnitRunner Runner(string name) => runners.GetOrAdd(name, static (key, owner) => new UnitRunner(key, owner), host);

    private string[] Wants()
    {
        var directory = Path.Combine(host.Paths.Root, "etc/systemd/system");
        return Directory.Exists(directory) ? Directory.GetDirectories(directory, "*.wants") : [];
    }
}
