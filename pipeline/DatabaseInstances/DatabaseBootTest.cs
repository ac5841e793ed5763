using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>Boots an instance of a fresh image of dbnodes, without a volume, and asks it for its release and its server.</summary>
public sealed class DatabaseBootTest(
    EnvironmentSettings settings, ClusterNames names, Observation observation, InstanceLauncher launcher, RemoteCommands remote, Cleanup cleanup, IProgress progress)
{
    private const string NoUserData = "#!/bin/sh\n# A boot test: without its configuration the service stays off.\n";

    /// <summary>Succeeds if the release answers, and finds its server; the instance is gone afterwards in any case.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BootTestFailed"/>, with the end of the console.</exception>
    public async Task RunAsync(string imageId, string release, CancellationToken cancellationToken)
    {
        string? instance = null;
        var node = settings.InstanceNodes.First();
        await cleanup.AfterAsync(
            async () =>
            {
                instance = await launcher.LaunchOneAsync(
                    new LaunchRequest(
                        "dbnode-boot-test", "admin", imageId, node.InstanceType, await observation.GroupIdAsync(names.BuildGroup, cancellationToken), names.NodeRole(node.Name), NoUserData,
                        new Dictionary<string, string> { ["Release"] = release }),
                    cancellationToken);
                await CheckAsync(instance, release, cancellationToken);
                return true;
            },
            token => instance is null ? Task.CompletedTask : launcher.TerminateAsync([instance], token),
            cancellationToken);
    }

    private async Task CheckAsync(string instance, string release, CancellationToken cancellationToken)
    {
        string seen;
        try
        {
            await launcher.WaitRunningAsync([instance], cancellationToken);
            await remote.WaitOnlineAsync([instance], cancellationToken);
            var result = (await remote.RunAsync([instance], DatabaseNodeAdmin.Version, cancellationToken))[0];
            if (result.Succeeded && (string?)result.Answer?["release"] == release)
            {
                progress.Found($"boot test: {instance} answers with release {release}, and {(string?)result.Answer["server"]}");
                return;
            }

            seen = result.Reason;
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TimedOut or ErrorCode.TerminalState)
        {
            seen = exception.LastSeen ?? exception.Message;
        }

        var console = await launcher.ConsoleTailAsync(instance, 15, cancellationToken);
        throw new PipelineException(
            ErrorCode.BootTestFailed, $"The image of dbnodes, release {release}, failed its boot test on {instance}.",
            lastSeen: console.Length == 0 ? seen : $"{seen}\nconsole of {instance}:\n{console}",
            hint: "The image has been removed, and no dbnode was touched. Mend the cause and run again.");
    }
}
