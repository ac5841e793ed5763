using SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Control;

/// <summary><c>systemctl</c>, as far as install scripts and user data use it.</summary>
internal sealed class SystemctlCommand(UnitSet units, Action powerOff, Action reboot)
{
    public async Task<ControlReply> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var words = arguments.Where(argument => !argument.StartsWith('-')).ToList();
        var now = arguments.Contains("--now");
        var quiet = arguments.Contains("--quiet") || arguments.Contains("-q");
        if (words.Count == 0) return ControlReply.Failed("systemctl: a command is missing.");
        var names = words.Skip(1).Select(UnitSet.FullName).ToList();
        var reply = await RunAsync(words[0], names, now, cancellationToken);
        return quiet && !reply.IsError ? reply with { Text = "" } : reply;
    }

    private async Task<ControlReply> RunAsync(string verb, List<string> names, bool now, CancellationToken cancellationToken)
    {
        switch (verb)
        {
            case "daemon-reload" or "daemon-reexec" or "reset-failed":
                // Unit files are read whenever one is used.
                return ControlReply.Done;
            case "poweroff" or "halt":
                powerOff();
                return ControlReply.Done;
            case "reboot":
                reboot();
                return ControlReply.Done;
            case "is-system-running":
                return new ControlReply(0, "running\n");
            case var _ when names.Count == 0:
                return ControlReply.Failed($"systemctl: {verb}: too few arguments.");
            case "enable":
                return await EachAsync(names, async name => units.Enable(name) ?? (now ? await units.StartAsync(name, cancellationToken) : null));
            case "disable":
                return await EachAsync(names, async name =>
                {
                    units.Disable(name);
                    if (now) await units.StopAsync(name);
                    return null;
                });
            case "start":
                return await EachAsync(names, name => units.StartAsync(name, cancellationToken));
            case "stop":
                return await EachAsync(names, name => units.StopAsync(name));
            case "restart" or "reload-or-restart":
                return await EachAsync(names, name => units.RestartAsync(name, cancellationToken));
            case "try-restart" or "condrestart":
                return await EachAsync(names, name => units.StateOf(name) == UnitState.Active ? units.RestartAsync(name, cancellationToken) : Task.FromResult<string?>(null));
            case "reload":
                return await EachAsync(names, name => units.ReloadAsync(name, cancellationToken));
            case "kill":
                return await EachAsync(names, name => Task.FromResult(units.Signal(name)));
            case "is-active":
                return Ask(names, name => Word(units.StateOf(name)), "active", 3);
            case "is-failed":
                return Ask(names, name => Word(units.StateOf(name)), "failed", 1);
            case "is-enabled":
                return Ask(names, name => units.IsEnabled(name) ? "enabled" : "disabled", "enabled", 1);
            case "status":
                return new ControlReply(
                    names.TrueForAll(name => units.StateOf(name) == UnitState.Active) ? 0 : 3,
                    string.Concat(names.Select(name => $"{name}\n     Active: {Word(units.StateOf(name))}\n")));
            default:
                return ControlReply.Failed($"Unknown command verb '{verb}' (LocalCloud's systemctl).");
        }
    }

    private static async Task<ControlReply> EachAsync(List<string> names, Func<string, Task<string?>> act)
    {
        var failures = new List<string>();
        foreach (var name in names)
        {
            if (await act(name) is { } failure) failures.Add(failure);
        }

        var missing = failures.Exists(failure => failure.EndsWith("not found.", StringComparison.Ordinal));
        return failures.Count == 0 ? ControlReply.Done : ControlReply.Failed(string.Join('\n', failures), missing ? 5 : 1);
    }

    private static ControlReply Ask(List<string> names, Func<string, string> answer, string wanted, int otherwise)
    {
        var answers = names.ConvertAll(name => answer(name));
        return new ControlReply(answers.Contains(wanted) ? 0 : otherwise, string.Concat(answers.Select(text => text + "\n")));
    }

    private static string Word(UnitState state) => state switch
    {
        UnitState.Active => "active",
        UnitState.Activating => "activating",
        UnitState.Failed => "failed",
        UnitState.Inactive => "inactive",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
