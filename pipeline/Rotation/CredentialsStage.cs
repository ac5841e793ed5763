using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>
/// Rotate-Credentials: all that the fleet has, in one target: first the new master secret beside the old; while a token server takes it and old tokens
/// expire, the databases' passwords and the certificate; the end of the old secret last.
/// </summary>
public sealed class CredentialsStage(
    EnvironmentSettings settings, MasterSecretStage masterSecret, DatabasePasswordStage databasePassword, CertificateStage certificate, ConfigStore configuration,
    RotationStore rotations, TimeProvider time, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Target = "Rotate-Credentials";

    /// <summary>Goes as far as it can; what an earlier run has finished is not done again.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>, or what has failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await configuration.RequireAsync(cancellationToken);
        var begun = (await rotations.ReadAsync(cancellationToken)).Credentials ?? new CredentialsRotation(time.GetUtcNow());
        await rotations.ChangeAsync(document => document with { Credentials = begun }, cancellationToken);
        progress.Found("instances have the credentials of their roles: AWS renews them by itself, several times a day, and nothing of them is stored");

        var secretIsDone = await IsDoneAsync(MasterSecretStage.Target, begun, cancellationToken);
        if (!secretIsDone) secretIsDone = await masterSecret.RunAsync(cancellationToken);
        if (!await IsDoneAsync(DatabasePasswordStage.Target, begun, cancellationToken)) await databasePassword.RunAsync(cancellationToken);
        if (settings.LoadBalancer.Https is null) progress.Found("the load balancer shows no certificate");
        else if (!await IsDoneAsync(CertificateStage.Target, begun, cancellationToken)) await certificate.RunAsync(cancellationToken);
        if (!secretIsDone) return;
        await rotations.ChangeAsync(
            document => document with { Credentials = null, Finished = new Dictionary<string, DateTimeOffset>(document.Finished) { [Target] = time.GetUtcNow() } }, cancellationToken);
        progress.Changed("all credentials of the fleet are rotated");
    }

    private async Task<bool> IsDoneAsync(string target, CredentialsRotation begun, CancellationToken cancellationToken) =>
        (await rotations.ReadAsync(cancellationToken)).Finished.TryGetValue(target, out var at) && at >= begun.StartedAt;
}
