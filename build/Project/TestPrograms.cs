using Spectre.Console;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Build.Project;

/// <summary>
/// Other people's programs that some tests run: AWS clients, against LocalCloud, and an engine for containers. They are large, so they are installed only where nobody works
/// at the machine; elsewhere the tests of those that are missing are skipped, and say what installs them.
/// </summary>
public sealed class TestPrograms(IMachine machine, IProcessRunner processes, IAnsiConsole console)
{
    private static readonly Dictionary<string, string?> NonInteractive = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    private static readonly (string Program, string Package)[] Programs =
        [("ansible-playbook", "ansible"), ("packer", "packer"), ("aws", "awscli"), ("node", "nodejs"), ("npm", "npm")];

    // Where it runs inside of a container itself, there may be no cgroups for podman's other runtime.
    private static readonly string[] Engine = ["podman", "runc"];

    /// <summary>What a person types to get all clients.</summary>
    public static string Command => $"sudo apt-get install -y --no-install-recommends {string.Join(' ', Programs.Select(one => one.Package).Append(Boto3))}";

    private static string Boto3 => "python3-boto3";

    /// <summary>What a person types to get an engine.</summary>
    public static string EngineCommand => $"sudo apt-get install -y --no-install-recommends {string.Join(' ', Engine)}";

    /// <summary>Installs what is missing, if that can be done without asking. What can't be had is said, and is no failure.</summary>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(cancellationToken);
        if (missing.Count == 0)
            return;
        if (machine.Find("apt-get") is null || await Privilege.WithoutAskingAsync(machine, processes, cancellationToken) is not { } prefix)
        {
            console.MarkupLineInterpolated($"[yellow]Programs for tests can't be installed here: {string.Join(", ", missing)}.[/]");
            return;
        }

        console.MarkupLineInterpolated($"installing programs for tests: {string.Join(", ", missing)}");
        await AptAsync(prefix, ["update", "-q"], cancellationToken);
        if ((await InstallAsync(prefix, missing, cancellationToken)).ExitCode == 0)
            return;

        // A distribution may lack one of them: it is no reason to go without the others.
        foreach (var package in missing)
        {
            if (await InstallAsync(prefix, [package], cancellationToken) is { ExitCode: not 0 } failed)
                console.MarkupLineInterpolated($"[yellow]{package} could not be installed:[/] {failed.Tail(1)}");
        }
    }

    private async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellationToken)
    {
        var missing = Programs.Where(one => machine.Find(one.Program) is null).Select(one => one.Package).ToList();
        if (!await HasBoto3Async(cancellationToken))
            missing.Add(Boto3);
        if (!await HasEngineAsync(cancellationToken))
            missing.AddRange(Engine);
        return missing;
    }

    // docker without its service is as good as none.
    private async Task<bool> HasEngineAsync(CancellationToken cancellationToken) =>
        machine.Find("podman") is not null
        || (machine.Find("docker") is { } docker && (await processes.RunAsync(docker, ["version"], Path.GetTempPath(), environment: null, cancellationToken)).ExitCode == 0);

    private async Task<bool> HasBoto3Async(CancellationToken cancellationToken) =>
        machine.Find("python3") is { } python && (await processes.RunAsync(python, ["-c", "import boto3"], Path.GetTempPath(), environment: null, cancellationToken)).ExitCode == 0;

    private Task<ProcessResult> InstallAsync(IReadOnlyList<string> prefix, IReadOnlyList<string> packages, CancellationToken cancellationToken) =>
        AptAsync(prefix, ["install", "-y", "-q", "--no-install-recommends", .. packages], cancellationToken);

    private Task<ProcessResult> AptAsync(IReadOnlyList<string> prefix, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string[] words = [.. prefix, "apt-get", .. arguments];
        return processes.RunAsync(words[0], words[1..], Path.GetTempPath(), NonInteractive, cancellationToken);
    }
}
