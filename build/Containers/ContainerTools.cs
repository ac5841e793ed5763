using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Containers;

/// <summary>Finds what builds images: docker if it answers, podman otherwise, or the one that the settings name.</summary>
internal sealed class ContainerTools(EnvironmentSettings settings, RunOptions options, IMachine machine, IProcessRunner processes)
{
    private static readonly string[] Known = ["docker", "podman"];

    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingProgram"/>: none answers, with what each said.</exception>
    public async Task<ContainerTool> FindAsync(CancellationToken cancellationToken)
    {
        var wanted = settings.Container.Tool is { } named ? [named] : Known;
        var refusals = new List<string>();
        foreach (var name in wanted)
        {
            if (machine.Find(name) is not { } path)
            {
                refusals.Add($"{name} is not installed");
                continue;
            }

            // docker without its service is as good as none; "version" asks the service, too.
            var answer = await processes.RunAsync(path, ["version"], options.RepositoryRoot, environment: null, cancellationToken);
            if (answer.ExitCode == 0)
                return new ContainerTool(path, IsPodman: answer.Output.Contains("podman", StringComparison.OrdinalIgnoreCase));
            refusals.Add($"{path}: {answer.Tail(1)}");
        }

        throw new PipelineException(
            ErrorCode.MissingProgram, $"A container image wants docker or podman, and {(wanted.Length == 1 ? "the one that is asked for does" : "neither does")} answer.",
            lastSeen: string.Join('\n', refusals),
            hint: "Install one (sudo apt-get install podman; or docker from https://docs.docker.com/engine/install), or name it with --set container.tool=…");
    }
}

/// <summary>What builds images.</summary>
/// <param name="Path">Its program.</param>
/// <param name="IsPodman">Whether it is podman, under whichever name.</param>
internal sealed record ContainerTool(string Path, bool IsPodman)
{
    public string Name => IsPodman ? "podman" : "docker";
}
