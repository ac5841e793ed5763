using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Images;

/// <summary>Boots an instance of a fresh image, outside the load balancer, and asks its service for its release.</summary>
public sealed class BootTest(
    EnvironmentSettings settings, ClusterNames names, Observation observation, ClusterBucket bucket, AwsConnection connection, InstanceLauncher launcher,
    RemoteCommands remote, Cleanup cleanup, Waiter waiter, IProgress progress)
{
    /// <summary>Succeeds if the release answers; the instance is gone afterwards in any case.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BootTestFailed"/>, with the end of the console.</exception>
    public async Task RunAsync(string imageId, Bundle bundle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        string? instance = null;
        await cleanup.AfterAsync(
            async () =>
            {
                instance = await launcher.LaunchOneAsync(
                    new LaunchRequest(
                        names.Role.Step("boot-test"), "admin", imageId, settings.Webheads.InstanceType, await observation.GroupIdAsync(names.ServiceGroup, cancellationToken),
                        settings.WebheadProfile, ServiceUserData.Serving(names.Role, settings, bucket.Name, connection.Target),
                        new Dictionary<string, string> { ["Release"] = bundle.Release }),
                    cancellationToken);
                await CheckAsync(instance, bundle.Release, cancellationToken);
                progress.Found($"boot test: {instance} answers with release {bundle.Release}");
                return true;
            },
            token => instance is null ? Task.CompletedTask : launcher.TerminateAsync([instance], token),
            cancellationToken);
    }

    private async Task CheckAsync(string instance, string release, CancellationToken cancellationToken)
    {
        try
        {
            await launcher.WaitRunningAsync([instance], cancellationToken);
            await remote.WaitOnlineAsync([instance], cancellationToken);
            await waiter.UntilAsync($"the boot test of {instance}", settings.Waits.Pace(settings.Rollout.GateTimeoutSeconds), async token =>
            {
                var result = (await remote.RunAsync([instance], names.Role.AliveCommand(release), token))[0];
                return result.Succeeded ? Poll.Done(true) : Poll.NotYet<bool>(result.Reason);
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TimedOut or ErrorCode.TerminalState)
        {
            var console = await launcher.ConsoleTailAsync(instance, 15, cancellationToken);
            throw new PipelineException(
                ErrorCode.BootTestFailed, $"The image of release {release} failed its boot test on {instance}.",
                lastSeen: console.Length == 0 ? exception.LastSeen : $"{exception.LastSeen}\nconsole of {instance}:\n{console}",
                hint: $"The image has been removed, and the fleet was not touched. Mend the {names.Role.Noun} and run again.", inner: exception);
        }
    }
}
