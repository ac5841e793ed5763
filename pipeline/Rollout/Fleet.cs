using System.Globalization;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using ElbInstance = Amazon.ElasticLoadBalancing.Model.Instance;
using Instance = Amazon.EC2.Model.Instance;
using Tag = Amazon.EC2.Model.Tag;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>A role's instances behind its load balancer: who is there, who joins, who leaves. "Webhead" stands for an instance of any role here.</summary>
public sealed class Fleet(IClients clients, ClusterNames names, Observation observation)
{
    /// <summary>The tag with the configuration that an instance has: it was launched for it, and serves only if it has it, or has told so since.</summary>
    public const string ConfigurationTag = "Configuration";

    /// <summary>Whose fleet it is.</summary>
    public ServiceRole Role => names.Role;

    /// <summary>The webheads that are not terminated, oldest first, with the load balancer's word of now.</summary>
    public async Task<IReadOnlyList<Webhead>> WebheadsAsync(CancellationToken cancellationToken)
    {
        List<Instance> webheads = [.. await InstancesAsync(cancellationToken)];
        if (webheads.Count == 0) return [];
        var verdicts = await VerdictsAsync(cancellationToken);
        return [.. webheads
            .Select(instance => Of(instance, verdicts.GetValueOrDefault(instance.InstanceId, Verdict.NotRegistered)))
            .OrderBy(webhead => webhead.Launched).ThenBy(webhead => webhead.Id, StringComparer.Ordinal)];
    }

    /// <summary>The releases of the webheads that are not terminated, whether they serve or not.</summary>
    public async Task<IReadOnlySet<string>> ReleasesAsync(CancellationToken cancellationToken) =>
        (await InstancesAsync(cancellationToken)).Select(instance => instance.TagOf("Release") ?? "").ToHashSet();

    /// <summary>The ids of the webheads that run, whether they serve or not.</summary>
    public async Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellationToken) =>
        [.. (await InstancesAsync(cancellationToken)).Where(instance => instance.State.Name.Value == "running").Select(instance => instance.InstanceId)];

    /// <summary>Whether some were seen to run, and nothing was launched since.</summary>
    public async Task<bool> AreKnownToRunAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        observation.Instances.IsKnown && ids.All((await RunningAsync(cancellationToken)).Contains);

    /// <summary>Whether every webhead that runs is known to have a configuration, without asking it.</summary>
    public async Task<bool> IsKnownToHaveAsync(int version, CancellationToken cancellationToken)
    {
        var running = await RunningAsync(cancellationToken);
        return (await observation.Instances.GetAsync(cancellationToken)).Where(instance => running.Contains(instance.InstanceId))
            .All(instance => instance.TagOf(ConfigurationTag) == Text(version));
    }

    /// <summary>Notes that webheads have told that they have a configuration.</summary>
    public async Task NoteAsync(IReadOnlyCollection<string> ids, int version, CancellationToken cancellationToken)
    {
        var others = (await observation.Instances.GetAsync(cancellationToken)).Where(instance => ids.Contains(instance.InstanceId) && instance.TagOf(ConfigurationTag) != Text(version)).ToList();
        if (others.Count == 0) return;
        var tag = new Tag(ConfigurationTag, Text(version));
        await clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [.. others.Select(instance => instance.InstanceId)], Tags = [tag] }, cancellationToken);
        foreach (var instance in others) instance.Tags = [.. (instance.Tags ?? []).Where(other => other.Key != ConfigurationTag), tag];
    }

    /// <summary>A launch whose instances are known to have a configuration once they serve.</summary>
    public static LaunchRequest Knowing(LaunchRequest request, int version)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request with { Tags = new Dictionary<string, string>(request.Tags) { [ConfigurationTag] = Text(version) } };
    }

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

    // Of this role, and not terminated.
    private async Task<IEnumerable<Instance>> InstancesAsync(CancellationToken cancellationToken) =>
        (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") == Role.Tag);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static List<ElbInstance> Of(IEnumerable<string> ids) => [.. ids.Select(id => new ElbInstance { InstanceId = id })];

    private static Webhead Of(Instance instance, Verdict verdict) => new(
        instance.InstanceId, instance.Placement?.AvailabilityZone ?? "", instance.PrivateIpAddress, instance.State.Name.Value,
        instance.TagOf("Release") ?? "", instance.TagOf("LaunchSpec") ?? "",
        new DateTimeOffset(instance.LaunchTime ?? DateTime.UnixEpoch, TimeSpan.Zero), verdict);
}
