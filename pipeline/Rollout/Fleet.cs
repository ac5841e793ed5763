using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using ElbInstance = Amazon.ElasticLoadBalancing.Model.Instance;
using Instance = Amazon.EC2.Model.Instance;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>The webheads behind the load balancer: who is there, who joins, who leaves.</summary>
public sealed class Fleet(IClients clients, ClusterNames names, Observation observation)
{
    /// <summary>The webheads that are not terminated, oldest first, with the load balancer's word of now.</summary>
    public async Task<IReadOnlyList<Webhead>> WebheadsAsync(CancellationToken cancellationToken)
    {
        List<Instance> webheads = [.. (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") == "webhead")];
        if (webheads.Count == 0) return [];
        var verdicts = await VerdictsAsync(cancellationToken);
        return [.. webheads
            .Select(instance => Of(instance, verdicts.GetValueOrDefault(instance.InstanceId, Verdict.NotRegistered)))
            .OrderBy(webhead => webhead.Launched).ThenBy(webhead => webhead.Id, StringComparer.Ordinal)];
    }

    /// <summary>The ids of the webheads that run, whether they serve or not.</summary>
    public async Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellationToken) =>
        [.. (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") == "webhead" && instance.State.Name.Value == "running").Select(instance => instance.InstanceId)];

    /// <summary>The load balancer's word on each registered instance; empty if there is no load balancer.</summary>
    public async Task<IReadOnlyDictionary<string, Verdict>> VerdictsAsync(CancellationToken cancellationToken)
    {
        var health = await AwsErrors.UnlessMissingAsync(async () => await clients.LoadBalancing.DescribeInstanceHealthAsync(
            new DescribeInstanceHealthRequest { LoadBalancerName = names.LoadBalancer }, cancellationToken));
        return (health?.InstanceStates ?? []).ToDictionary(state => state.InstanceId, state => new Verdict(state.State, state.Description ?? ""));
    }

    /// <summary>Joins instances to the load balancer.</summary>
    public Task RegisterAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        clients.LoadBalancing.RegisterInstancesWithLoadBalancerAsync(
            new RegisterInstancesWithLoadBalancerRequest { LoadBalancerName = names.LoadBalancer, Instances = Of(ids) }, cancellationToken);

    /// <summary>
    /// Takes instances out of the load balancer: they drain, then they are gone. Those that are not registered are left out: one of them
    /// could fail the whole call.
    /// </summary>
    public async Task DeregisterAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        List<string> registered = [.. (await VerdictsAsync(cancellationToken)).Keys.Intersect(ids)];
        if (registered.Count == 0) return;
        await clients.LoadBalancing.DeregisterInstancesFromLoadBalancerAsync(
            new DeregisterInstancesFromLoadBalancerRequest { LoadBalancerName = names.LoadBalancer, Instances = Of(registered) }, cancellationToken);
    }

    private static List<ElbInstance> Of(IEnumerable<string> ids) => [.. ids.Select(id => new ElbInstance { InstanceId = id })];

    private static Webhead Of(Instance instance, Verdict verdict) => new(
        instance.InstanceId, instance.Placement?.AvailabilityZone ?? "", instance.PrivateIpAddress, instance.State.Name.Value,
        instance.TagOf("Release") ?? "", instance.TagOf("LaunchSpec") ?? "",
        new DateTimeOffset(instance.LaunchTime ?? DateTime.UnixEpoch, TimeSpan.Zero), verdict);
}
