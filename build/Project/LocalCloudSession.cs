using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Project;

/// <summary>Runs and ends the LocalCloud of the environment, without a deployment.</summary>
public sealed class LocalCloudSession(LocalCloudRunner runner, CurrentEnvironment environment, IProgress progress)
{
    public Task RunAsync(CancellationToken cancellationToken) => runner.RunForegroundAsync(Settings, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (await runner.StopAsync(Settings, keepProcesses: false, cancellationToken))
            progress.Changed("LocalCloud has ended, and all that ran on it");
        else
            progress.Found("no LocalCloud runs");
    }

    private LocalCloudSettings Settings => environment.Settings.LocalCloud
        ?? throw new PipelineException(
            ErrorCode.BadArgument, $"The environment {environment.Loaded.Name} does not run on LocalCloud.", hint: "Leave --environment out, or add localCloud to its settings.");
}
