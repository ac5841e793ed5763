using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Verification;

/// <summary>
/// Smoke-Test: a real Sync client, for every virtual hostname, through the load balancer and against each webhead; each webhead also
/// proves that the data is on the hostname's own dbnode and no other.
/// </summary>
public sealed class SmokeTestStage(
    EnvironmentSettings settings, Observation observation, LoadBalancerStage loadBalancer, ClusterCertificate certificate, Fleet fleet, SecretStore secrets, ConfigStore configuration, RemoteCommands remote,
    NameCheck nameCheck, RolloutCompletion completion, TimeProvider time, IProgress progress)
{
    /// <summary>Tests. Passed, the webheads that a rollout kept are terminated; failed, they are put back.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.SmokeTestFailed"/>, or <see cref="ErrorCode.RolledBack"/> if the previous release was put back; <see cref="ErrorCode.NameNotResolved"/>: the
    /// release has passed, and stays, but clients don't find it by its names.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ResolvedNames? found = null;
        try
        {
            found = settings.Dns is null ? null : await nameCheck.LookAsync(cancellationToken);
            await ThroughLoadBalancerAsync(found, cancellationToken);
            await AgainstEachWebheadAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever kept the test from passing: a release that has not passed does not stay.
            throw await completion.FailedAsync(failure, cancellationToken);
        }

        await completion.PassedAsync(cancellationToken);
        await EncryptAsync(found, cancellationToken);
        found?.Require();
    }

    // The release has passed by the way that the load balancer spoke so far; this is about that way alone.
    private async Task EncryptAsync(ResolvedNames? found, CancellationToken cancellationToken)
    {
        if (!await loadBalancer.EncryptAsync(cancellationToken)) return;
        try
        {
            await ThroughLoadBalancerAsync(found, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await loadBalancer.DecryptAsync(cancellationToken);
            throw new PipelineException(
                ErrorCode.SmokeTestFailed, "The load balancer speaks HTTPS to the webheads, and clients are not served: it speaks plain HTTP to them again, and the release stays.",
                lastSeen: Failures.Explain(failure) is var cause ? $"{cause.Message}\n{cause.LastSeen}" : null, hint: "./build.sh --target=Status; without loadBalancer.https.toWebheads the release is done.", inner: failure);
        }
    }

    private async Task ThroughLoadBalancerAsync(ResolvedNames? found, CancellationToken cancellationToken)
    {
        var description = (await observation.LoadBalancer.GetAsync(cancellationToken))?.Description
            ?? throw new PipelineException(ErrorCode.SmokeTestFailed, "There is no load balancer.", hint: "./build.sh --target=Ensure-Load-Balancer");
        var url = new Uri(loadBalancer.Url(description.DNSName));
        var roots = await certificate.RootsAsync(cancellationToken);
        var current = await configuration.CurrentAsync(cancellationToken);
        var results = new List<SmokeResult>();
        foreach (var host in settings.Hosts)
        {
            var list = await secrets.HostSecretsAsync(host.Hostname, cancellationToken);
            var options = new SyncStorageClientOptions
            {
                Origin = settings.OriginOf(host.Hostname),
                Secret = NodeSecrets.SignerOf(list.Reveal(), current?.SignWith(host.Hostname)),
                Uid = SmokeTest.RandomUid(),
                ConnectTo = found?.Addresses.GetValueOrDefault(host.Hostname) is { } address ? new UriBuilder(url) { Host = $"{address}" }.Uri : url,
                TrustedRoots = roots,
            };
            results.Add(await SmokeTest.RunAsync(options, locate: null, time, cancellationToken));
        }

        if (results.Where(result => !result.Ok).ToList() is { Count: > 0 } failed)
            throw new PipelineException(
                ErrorCode.SmokeTestFailed, $"The smoke test through the load balancer failed for {failed.Count} of {results.Count} virtual hostnames.",
                lastSeen: string.Join('\n', failed.Select(result => $"{result.Hostname}: {result.Failed!.Name}: {result.Failed.Error}")), hint: "./build.sh --target=Status");
        progress.Found($"{results.Count} virtual hostnames answer through {url}, {results.Sum(result => result.Steps.Count)} steps in all{(found is null ? "" : $"; {found.Addresses.Count} of them found by name, with {found.Asked}")}");
    }

    private async Task AgainstEachWebheadAsync(CancellationToken cancellationToken)
    {
        List<string> serving = [.. (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.Verdict.IsServing).Select(webhead => webhead.Id)];
        if (serving.Count == 0)
            throw new PipelineException(ErrorCode.SmokeTestFailed, "No webhead is in service.", hint: "./build.sh --target=Rolling-Deploy");
        var results = await remote.RunAsync(serving, WebheadAdmin.Smoke, cancellationToken);
        if (results.Where(result => !result.Succeeded).ToList() is { Count: > 0 } failed)
            throw new PipelineException(
                ErrorCode.SmokeTestFailed, $"The smoke test failed on {failed.Count} of {serving.Count} webheads.",
                lastSeen: string.Join('\n', failed.Select(result => $"{result.InstanceId}: {result.Reason}")), hint: "./build.sh --target=Status");
        progress.Found($"{serving.Count} webheads pass on their own, with every virtual hostname's data on its own dbnode");
    }
}
