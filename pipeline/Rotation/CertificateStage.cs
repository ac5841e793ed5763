using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>
/// Rotate-Certificate: the load balancer shows another certificate, and cuts no connection for it. One that the pipeline makes is made anew; of one
/// that the settings name, the ARN that they name now is shown.
/// </summary>
public sealed class CertificateStage(
    EnvironmentSettings settings, ClusterCertificate certificate, LoadBalancerStage loadBalancer, ConfigStore configuration, RotationStore rotations, DeploymentJournal journal, TimeProvider time, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Target = "Rotate-Certificate";

    /// <summary>Rotates, or finishes the rotation that an earlier run has begun.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>: there is no listener with TLS.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.LoadBalancer.Https is not { } https)
            throw new PipelineException(ErrorCode.RotationStopped, "The load balancer shows no certificate: loadBalancer.https is not set.", hint: "docs/operations.md says how to set HTTPS up.");

        await configuration.RequireAsync(cancellationToken);
        var rotation = (await rotations.ReadAsync(cancellationToken)).Certificate ?? new CertificateRotation(time.GetUtcNow());
        await rotations.ChangeAsync(document => document with { Certificate = rotation }, cancellationToken);
        await journal.StepAsync(Target, cancellationToken);
        if (https.CertificateArn is null) await certificate.RenewAsync(rotation.StartedAt, cancellationToken);

        // It shows the newest of ours, or the one that is named, and then deletes those of ours that are shown no more.
        await loadBalancer.RunAsync(cancellationToken);
        if (https.CertificateArn is { } arn) progress.Found($"the load balancer shows {arn}; one that ACM renews stays the same, and for another loadBalancer.https.certificateArn has to name it");
        else await certificate.RemoveReplacedAsync(cancellationToken);
        await rotations.ChangeAsync(
            document => document with { Certificate = null, Finished = new Dictionary<string, DateTimeOffset>(document.Finished) { [Target] = time.GetUtcNow() } }, cancellationToken);
    }
}
