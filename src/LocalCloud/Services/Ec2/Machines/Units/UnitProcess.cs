using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>Starts the processes of a unit as its file says, below the machine's root directory.</summary>
internal sealed class UnitProcess(IUnitHost host)
{
    /// <summary>Whether its conditions hold; if not, why.</summary>
    public bool ConditionsHold(UnitFile unit, out string unmet)
    {
        foreach (var condition in unit.ConditionPathExists)
        {
            var negated = condition.StartsWith('!');
            var path = host.Paths.Below(condition.TrimStart('!', '|'));
            if ((File.Exists(path) || Directory.Exists(path)) == negated)
            {
                unmet = $"ConditionPathExists={condition} was not met";
                return false;
            }
        }

        unmet = "";
        return true;
    }

    /// <summary>Starts a command line of the unit. It can't be cancelled: nobody would know the process.</summary>
    /// <exception cref="InvalidOperationException">It can't be started; the message says why.</exception>
    public async Task<(ProcessHandle Handle, bool IgnoreFailure)> StartAsync(UnitFile unit, string commandLine, ProcessHandle? mainProcess)
    {
        var environment = Environment(unit);
        if (mainProcess is not null) environment["MAINPID"] = $"{mainProcess.Pid}";
        var command = UnitCommand.Parse(commandLine, unit.Name, environment);
        var words = command.Words.Select(Here).ToList();
        var spec = new ProcessSpec(words[0], words[1..], environment, WorkingDirectory(unit), host.Console.Path);
        return (await host.Processes.StartAsync(spec, CancellationToken.None), command.IgnoreFailure);
    }

    /// <summary>Runs a command line of the unit to its end, and gives its exit code.</summary>
    public async Task<int> RunAsync(UnitFile unit, string commandLine, ProcessHandle? mainProcess, CancellationToken cancellationToken)
    {
        var (handle, ignoreFailure) = await StartAsync(unit, commandLine, mainProcess);
        try
        {
            var code = await host.Processes.WaitForExitAsync(handle, cancellationToken) ?? 1;
            return ignoreFailure ? 0 : code;
        }
        catch (OperationCanceledException)
        {
            await host.Processes.StopAsync(handle, TimeSpan.FromSeconds(1), CancellationToken.None);
            throw;
        }
    }

    private Dictionary<string, string> Environment(UnitFile unit)
    {
        var environment = new Dictionary<string, string>(host.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in unit.Environment.SelectMany(UnitCommand.Assignments)) environment[name] = value;
        foreach (var file in unit.EnvironmentFiles)
        {
            var path = host.Paths.Below(file.TrimStart('-'));
            if (!File.Exists(path))
            {
                if (file.StartsWith('-')) continue;
                throw new InvalidOperationException($"Failed to load environment files: {file}: no such file");
            }

            foreach (var (name, value) in UnitCommand.EnvironmentFile(File.ReadAllText(path))) environment[name] = value;
        }

        return environment;
    }

    private string WorkingDirectory(UnitFile unit)
    {
        if (unit.WorkingDirectory is not { } directory) return host.Paths.Root;
        if (directory.TrimStart('-') == "~") return host.Environment["HOME"];
        var path = host.Paths.Below(directory.TrimStart('-'));
        return Directory.Exists(path) || !directory.StartsWith('-') ? path : host.Paths.Root;
    }

    /// <summary>An absolute path that exists in the instance means the instance's; others (<c>/bin/sh</c>) the machine's.</summary>
    private string Here(string word)
    {
        if (!word.StartsWith('/')) return word;
        var below = Path.GetFullPath(Path.Combine(host.Paths.Root, word.TrimStart('/')));
        return File.Exists(below) || (Directory.Exists(below) && word.Length > 1) ? below : word;
    }
}
