using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Removes the load balancers, then all instances of all roles, then the images with their snapshots.</summary>
public sealed class FleetRemoval(
    IClients clients, ClusterNames names, Observation observation, ClusterCertificate certificate, InstanceLauncher launcher, BakeStage images, RemovalWaits waits,
    IProgress progress)
{
    /// <summary>Removes what there is.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Also a token server's that the settings have none of any more.
        var tokenServer = new ClusterNames(names.Cluster, ServiceRole.TokenServer);
        foreach (var (name, seen) in new[] { (names.LoadBalancer, observation), (tokenServer.LoadBalancer, observation.Of(tokenServer)) })
            await RemoveLoadBalancerAsync(name, seen, cancellationToken);
        await certificate.RemoveAllAsync(cancellationToken);

        List<string> ids = [.. (await observation.Instances.GetAsync(cancellationToken)).Select(instance => instance.InstanceId)];
        if (ids.Count > 0)
        {
            await launcher.TerminateAsync(ids, cancellationToken);
            await waits.GoneAsync($"{ids.Count} instances", async token =>
                (await observation.Instances.RefreshAsync(token)).Count is > 0 and var left ? $"{left} left" : null, cancellationToken);
            progress.Changed($"{ids.Count} instances terminated");
        }

        foreach (var image in await observation.Images.GetAsync(cancellationToken)) await images.RemoveAsync(image, cancellationToken);
    }

    private async Task RemoveLoadBalancerAsync(string name, Observation seen, CancellationToken cancellationToken)
    {
        if (await seen.LoadBalancer.GetAsync(cancellationToken) is not { } balancer) return;
        if (!ResourceTags.AreOurs(balancer.Tags, names.Cluster))
            throw new PipelineException(ErrorCode.NotOurs, $"The load balancer {name} is not this cluster's.", hint: "Nothing was removed.");
        await clients.LoadBalancing.DeleteLoadBalancerAsync(new DeleteLoadBalancerRequest { LoadBalancerName = name }, cancellationToken);
        seen.LoadBalancer.Forget();
        progress.Changed($"load balancer {name} deleted");
    }
}
