using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Instances;

/// <summary>
/// A one-off instance for what needs the master credentials: it has a profile of its own, serves nobody, and is gone after. Webheads have no such rights.
/// </summary>
public sealed class AdminInstance(
    EnvironmentSettings settings, ClusterNames names, Observation observation, ClusterBucket bucket, AwsConnection connection, InstanceLauncher launcher, RemoteCommands remote,
    Cleanup cleanup)
{
    /// <summary>Launches one, does the work, and terminates it.</summary>
    /// <param name="step">Names the step, for the client token.</param>
    /// <param name="imageId">From which image.</param>
    /// <param name="release">The image's release.</param>
    /// <param name="work">What is done, with the instance's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task RunAsync(string step, string imageId, string release, Func<string, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        string? admin = null;
        return cleanup.AfterAsync(
            async () =>
            {
                await launcher.TerminateLeftoversAsync("admin", cancellationToken);
                admin = await LaunchAsync(step, imageId, release, cancellationToken);
                await launcher.WaitRunningAsync([admin], cancellationToken);
                await remote.WaitOnlineAsync([admin], cancellationToken);
                await work(admin);
                return true;
            },
            token => admin is null ? Task.CompletedTask : launcher.TerminateAsync([admin], token),
            cancellationToken);
    }

    private async Task<string> LaunchAsync(string step, string imageId, string release, CancellationToken cancellationToken) => await launcher.LaunchOneAsync(
        new LaunchRequest(
            names.Role.Step(step), "admin", imageId, settings.Webheads.InstanceType, await observation.GroupIdAsync(names.ServiceGroup, cancellationToken),
            settings.AdminProfile, ServiceUserData.Admin(names.Role, settings, bucket.Name, connection.Target), new Dictionary<string, string> { ["Release"] = release }),
        cancellationToken);
}
