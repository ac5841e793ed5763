using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Local;

/// <summary>
/// What LocalCloud's data plane runs: MariaDB (or MySQL) and memcached. What is missing is installed with the system's package
/// manager where that can be done without asking.
/// </summary>
/// <param name="machine">What is there.</param>
/// <param name="processes">Runs the package manager.</param>
/// <param name="progress">Told before anything is installed.</param>
public sealed class Prerequisites(IMachine machine, IProcessRunner processes, IProgress progress)
{
    private static readonly string[] ServiceNames = ["mariadb", "mysql", "memcached"];
    private static readonly Dictionary<string, string?> NonInteractive = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["HOMEBREW_NO_AUTO_UPDATE"] = "1" };

    /// <summary>Finds the programs, or installs them.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingProgram"/>, with the command that installs them.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var missing = Missing();
        if (missing.Count == 0)
            return;
        var what = string.Join(" and ", missing.Select(need => need.Name));
        if (PackageManager.All.FirstOrDefault(manager => machine.Find(manager.Program) is not null) is not { } manager)
            throw new PipelineException(ErrorCode.MissingProgram, $"{what} can't be found.", hint: $"Install {what} so that the programs are in PATH.");

        var prefix = await PrivilegeAsync(manager, cancellationToken);
        if (prefix is null)
            throw Absent(what, manager, missing, "installing needs root, and sudo wants a password");

        progress.Notice($"{what} can't be found; installing: {manager.Command(Packages(manager, missing))}");
        var running = await RunningServicesAsync(cancellationToken);
        await InstallAsync(manager, prefix, missing, cancellationToken);
        await StopNewServicesAsync(prefix, running, cancellationToken);
        if (Missing() is { Count: > 0 } still)
            throw Absent(string.Join(" and ", still.Select(need => need.Name)), manager, still, "installing did not bring the programs");
        progress.Changed($"installed {what}");
    }

    private IReadOnlyList<Need> Missing() =>
    [.. Need.All.Where(need => !need.Programs.All(names => names.Any(name => machine.Find(name) is not null)) || (need.IsDatabase && LacksHelper))];

    // Debian has the helper in the client's package.
    private bool LacksHelper => machine.Find("mariadb-install-db") is not null && machine.Find("my_print_defaults") is null;

    private static IReadOnlyList<string> Packages(PackageManager manager, IReadOnlyList<Need> missing) =>
        [.. missing.Select(need => need.IsDatabase ? manager.Database[0] : manager.Cache)];

    private static PipelineException Absent(string what, PackageManager manager, IReadOnlyList<Need> missing, string why) =>
        new(ErrorCode.MissingProgram, $"{what} can't be found; {why}.", hint: $"Run: {manager.Command(Packages(manager, missing))}");

    // The words before the package manager's. Null where it can't be done without asking.
    private async Task<IReadOnlyList<string>?> PrivilegeAsync(PackageManager manager, CancellationToken cancellationToken)
    {
        if (!manager.AsRoot)
            return machine.IsRoot ? null : [];
        return await Privilege.WithoutAskingAsync(machine, processes, cancellationToken);
    }

    private async Task InstallAsync(PackageManager manager, IReadOnlyList<string> prefix, IReadOnlyList<Need> missing, CancellationToken cancellationToken)
    {
        if (manager.Refresh.Count > 0)
            await RunAsync([.. prefix, manager.Program, .. manager.Refresh], cancellationToken);
        foreach (var need in missing)
        {
            var candidates = need.IsDatabase ? manager.Database : [manager.Cache];
            ProcessResult? last = null;
            foreach (var package in candidates)
            {
                last = await RunAsync([.. prefix, manager.Program, .. manager.Install, .. package.Split(' ')], cancellationToken);
                if (last.ExitCode == 0 && !Missing().Contains(need))
                    break;
            }

            if (last is { ExitCode: not 0 })
            {
                throw new PipelineException(
                    ErrorCode.MissingProgram, $"{need.Name} could not be installed: {manager.Program} ended with {last.ExitCode}.",
                    lastSeen: last.Tail(5), hint: $"Run: {manager.Command(candidates.Take(1).ToList())}");
            }
        }
    }

    // Distributions start the services of what they install. LocalCloud starts its own, so those would only hold ports and memory.
    private async Task StopNewServicesAsync(IReadOnlyList<string> prefix, IReadOnlySet<string> before, CancellationToken cancellationToken)
    {
        foreach (var service in (await RunningServicesAsync(cancellationToken)).Except(before))
        {
            var stop = machine.Find("systemctl") is not null ? (string[])["systemctl", "disable", "--now", service] : ["service", service, "stop"];
            var result = await RunAsync([.. prefix, .. stop], cancellationToken);
            progress.Notice(result.ExitCode == 0
                ? $"stopped the service {service}, which its package had started"
                : $"the package has started the service {service}, and it can't be stopped: {result.Tail(1)}");
        }
    }

    private async Task<IReadOnlySet<string>> RunningServicesAsync(CancellationToken cancellationToken)
    {
        var running = new HashSet<string>();
        var systemd = machine.Find("systemctl") is not null;
        if (!systemd && machine.Find("service") is null)
            return running;
        foreach (var name in ServiceNames)
        {
            var status = await RunAsync(systemd ? ["systemctl", "is-active", "--quiet", name] : ["service", name, "status"], cancellationToken);
            if (status.ExitCode == 0)
                running.Add(name);
        }

        return running;
    }

    private Task<ProcessResult> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken) =>
        processes.RunAsync(words[0], [.. words.Skip(1)], Path.GetTempPath(), NonInteractive, cancellationToken);

    // Of each inner list, one program is enough.
    private sealed record Need(string Name, bool IsDatabase, IReadOnlyList<string[]> Programs)
    {
        public static IReadOnlyList<Need> All { get; } =
        [
            new("MariaDB", IsDatabase: true, [["mariadbd", "mysqld"], ["mariadb-install-db", "mysql_install_db", "mysqld"]]),
            new("memcached", IsDatabase: false, [["memcached"]]),
        ];
    }
}
