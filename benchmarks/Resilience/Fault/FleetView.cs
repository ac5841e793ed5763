using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>A webhead that exists.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="State">EC2's word.</param>
/// <param name="Serving">Whether the load balancer says InService, and it is not on its way out.</param>
internal sealed record SeenWebhead(string Id, string Type, string State, bool Serving);

/// <summary>The fleet, asked for over the wire. Not while faults stand: they would hit these calls, too.</summary>
internal sealed class FleetView(Cluster cluster) : IDisposable
{
    private const string LoadBalancer = "sync2-lb";

    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonElasticLoadBalancingClient elb = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));

    /// <summary>The webheads that are not terminated.</summary>
    public async Task<IReadOnlyList<SeenWebhead>> WebheadsAsync()
    {
        var request = new DescribeInstancesRequest
        {
            Filters = [new Amazon.EC2.Model.Filter("tag:Role", ["webhead"]), new Amazon.EC2.Model.Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])],
        };
        var instances = ((await ec2.DescribeInstancesAsync(request)).Reservations ?? []).SelectMany(reservation => reservation.Instances).ToList();
        if (instances.Count == 0) return [];
        var health = (await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = LoadBalancer })).InstanceStates ?? [];
        var serving = health.Where(one => one.State == "InService" && !one.Description.Contains("deregistration", StringComparison.Ordinal)).Select(one => one.InstanceId).ToHashSet();
        return [.. instances.Select(instance => new SeenWebhead(instance.InstanceId, instance.InstanceType.Value, instance.State.Name.Value, serving.Contains(instance.InstanceId)))];
    }

    /// <summary>Ends a webhead behind everybody's back, as a broken machine does, and waits until the load balancer has seen it.</summary>
    public async Task BreakAsync(string id)
    {
        await ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [id] });
        while ((await WebheadsAsync()).Any(webhead => webhead.Id == id) || await IsInServiceAsync(id)) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    public void Dispose()
    {
        ec2.Dispose();
        elb.Dispose();
    }

    private async Task<bool> IsInServiceAsync(string id) =>
        ((await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = LoadBalancer })).InstanceStates ?? [])
            .Exists(one => one.InstanceId == id && one.State == "InService");
}
