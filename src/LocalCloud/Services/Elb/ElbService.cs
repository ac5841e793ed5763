using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>The classic load balancer, API 2012-06-01: the load balancers themselves, and the service's life.</summary>
internal sealed partial class ElbService : IAwsService, ILoadBalancerNames, IAsyncDisposable
{
    private static readonly TimeSpan DeleteGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListenerGrace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>One change at a time; calls that only read don't wait for it.</summary>
    private readonly SemaphoreSlim changes = new(1);
    private readonly Lock gate = new();
    private readonly CloudContext context;
    private readonly IInstanceDirectory instances;
    private readonly ILogger logger;
    private bool disposed;
    private readonly ISecurityGroupDirectory securityGroups;
    private readonly ICertificateDirectory certificates;
    private readonly IMetricSink metrics;
    private readonly StateFile<ElbState> file;
    private readonly HealthProbe probe = new();
    private readonly ListenerSet listeners;
    private readonly SortedDictionary<string, LoadBalancer> balancers = new(StringComparer.Ordinal);
    private ElbState state = new();
    private volatile FrozenSet<string> groupsInUse = [];
    private volatile FrozenSet<string> certificatesInUse = [];

    public ElbService(
        CloudContext context, IInstanceDirectory instances, ISecurityGroupDirectory securityGroups, ICertificateDirectory certificates, IMetricSink metrics,
        ILogger<ElbService> logger)
    {
        this.context = context;
        this.instances = instances;
        this.securityGroups = securityGroups;
        this.certificates = certificates;
        this.metrics = metrics;
        this.logger = logger;
        listeners = new ListenerSet(certificates, context.Time, logger);
        file = new StateFile<ElbState>(context.StateDirectory, Name);
        securityGroups.RegisterUser(UsesGroup);
        certificates.RegisterUser(arn => certificatesInUse.Contains(arn));
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateLoadBalancer"] = Changing(CreateAsync),
            ["DeleteLoadBalancer"] = Changing(DeleteAsync),
            ["DescribeLoadBalancers"] = Reading(Describe),
            ["ConfigureHealthCheck"] = Changing(ConfigureHealthCheck),
            ["ModifyLoadBalancerAttributes"] = Changing(ModifyAttributes),
            ["DescribeLoadBalancerAttributes"] = Reading(DescribeAttributes),
            ["RegisterInstancesWithLoadBalancer"] = Changing(Register),
            ["DeregisterInstancesFromLoadBalancer"] = Changing(Deregister),
            ["DescribeInstanceHealth"] = Reading(DescribeInstanceHealth),
            ["AddTags"] = Changing(AddTags),
            ["RemoveTags"] = Changing(RemoveTags),
            ["DescribeTags"] = Reading(DescribeTags),
            ["CreateLoadBalancerListeners"] = Changing(CreateListenersAsync),
            ["DeleteLoadBalancerListeners"] = Changing(DeleteListeners),
            ["ApplySecurityGroupsToLoadBalancer"] = Changing(ApplySecurityGroups),
            ["AttachLoadBalancerToSubnets"] = Changing(AttachSubnets),
            ["DetachLoadBalancerFromSubnets"] = Changing(DetachSubnets),
            ["EnableAvailabilityZonesForLoadBalancer"] = Changing(EnableZones),
            ["DisableAvailabilityZonesForLoadBalancer"] = Changing(DisableZones),
            ["DescribeAccountLimits"] = Reading(_ => ElbShapes.Limits()),
            ["SetLoadBalancerListenerSSLCertificate"] = Changing(SetCertificate),
            ["CreateLoadBalancerPolicy"] = Changing(CreatePolicy),
            ["DeleteLoadBalancerPolicy"] = Changing(DeletePolicy),
            ["DescribeLoadBalancerPolicies"] = Reading(DescribePolicies),
            ["SetLoadBalancerPoliciesOfListener"] = Changing(SetPoliciesOfListener),
        };
    }

    public string Name => "elb";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    /// <summary>Of each load balancer: how many registered instances are in service, and how many not.</summary>
    public IReadOnlyList<(string Name, int Healthy, int Unhealthy)> HostCounts
    {
        get
        {
            lock (gate) return [.. balancers.Select(pair => (pair.Key, pair.Value.Healthy, pair.Value.InstanceIds.Count - pair.Value.Healthy))];
        }
    }

    /// <inheritdoc/>
    string ILoadBalancerNames.HostedZoneId => ElbShapes.HostedZoneId;

    /// <inheritdoc/>
    string ILoadBalancerNames.Domain => $"{context.Region}.elb.localhost";

    /// <inheritdoc/>
    IReadOnlyList<IPAddress>? ILoadBalancerNames.AddressesOf(string dnsName)
    {
        const string BothFamilies = "dualstack.";
        var name = dnsName.StartsWith(BothFamilies, StringComparison.Ordinal) ? dnsName[BothFamilies.Length..] : dnsName;
        lock (gate) return state.LoadBalancers.Values.Any(record => record.DnsName.Equals(name, StringComparison.OrdinalIgnoreCase)) ? [IPAddress.Loopback] : null;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            state = file.Load();
            Save();
        }

        foreach (var record in state.LoadBalancers.Values)
        {
            var balancer = Attach(record);
            balancer.Start();
            await listeners.RestoreAsync(balancer, cancellationToken);
        }
    }

    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        await listeners.CloseAllAsync(StopGrace);
        foreach (var balancer in balancers.Values) await balancer.DisposeAsync();
        balancers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows it under two types, and disposes it for each.
        if (disposed) return;
        disposed = true;
        await StopAsync(keepProcesses: false, CancellationToken.None);
        await listeners.DisposeAsync();
        probe.Dispose();
        changes.Dispose();
    }

    private async Task<JsonObject> CreateAsync(JsonObject input, CancellationToken cancellationToken)
    {
        var record = Parse(input);
        if (state.LoadBalancers.TryGetValue(record.Name, out var known))
            return SameConfiguration(known, record) ? Created(known) : throw ElbErrors.DuplicateLoadBalancerName(record.Name);

        var balancer = new LoadBalancer(record, context, instances, probe, gate, Save, new TrafficMetrics(metrics, record.Name), logger);
        try
        {
            await listeners.OpenAsync(balancer, record.Listeners, cancellationToken);
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }

        lock (gate)
        {
            state.LoadBalancers.Add(record.Name, record);
            balancers.Add(record.Name, balancer);
            Save();
        }

        return Created(record);
    }

    private LoadBalancerRecord Parse(JsonObject input)
    {
        var name = ElbRules.Name(input.Required("LoadBalancerName"));
        var parsed = ElbRules.Listeners(input.Structures("Listeners"));
        CheckCertificates(parsed);
        var scheme = input.Text("Scheme") ?? "internet-facing";
        if (scheme is not ("internet-facing" or "internal")) throw new AwsException("InvalidScheme", $"Invalid scheme '{scheme}'. Only 'internal' may be specified.");
        var (zones, subnets) = Placement(input.Texts("AvailabilityZones"), input.Texts("Subnets"));
        var groups = input.Texts("SecurityGroups");
        CheckSecurityGroups(groups);
        var record = new LoadBalancerRecord
        {
            Name = name,
            DnsName = $"{(scheme == "internal" ? "internal-" : "")}{name}-{RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue)}.{context.Region}.elb.localhost",
            Scheme = scheme,
            CreatedAt = context.Time.GetUtcNow(),
            Listeners = parsed,
            Zones = zones,
            Subnets = subnets,
            SecurityGroups = groups,
            HealthCheck = ElbRules.DefaultHealthCheck(parsed[0]),
        };
        UseDefaultPolicy(record, parsed);
        var tags = input.Tags("Tags");
        ElbRules.Tags(record.Tags, tags);
        foreach (var tag in tags) record.Tags[tag.Key] = tag.Value;
        return record;
    }

    private (List<string> Zones, List<string> Subnets) Placement(List<string> zones, List<string> subnets)
    {
        if (zones.Count == 0 && subnets.Count == 0) throw ElbErrors.Validation("Either AvailabilityZones or SubnetIds must be specified");
        if (zones.Count > 0 && subnets.Count > 0) throw ElbErrors.Validation("Only one of SubnetIds or AvailabilityZones may be specified");
        if (subnets.Count > 0)
        {
            ElbRules.Subnets(subnets);
            return (ZonesOf(subnets), subnets);
        }

        foreach (var zone in zones)
        {
            if (!context.Zones.Contains(zone, StringComparer.Ordinal)) throw ElbErrors.Validation($"Invalid availability zone: {zone}");
        }

        // Zones mean the default VPC's subnets in them.
        return (zones, [.. CloudContext.SubnetIds.Where((_, index) => zones.Contains(context.Zones[index], StringComparer.Ordinal))]);
    }

    private List<string> ZonesOf(IReadOnlyCollection<string> subnets) =>
        [.. context.Zones.Where((_, index) => subnets.Contains(CloudContext.SubnetIds[index], StringComparer.Ordinal))];

    private void CheckSecurityGroups(IEnumerable<string> groups)
    {
        foreach (var group in groups)
        {
            if (!securityGroups.Exists(group)) throw ElbErrors.InvalidSecurityGroup(group);
        }
    }

    private static bool SameConfiguration(LoadBalancerRecord known, LoadBalancerRecord asked) =>
        known.Scheme == asked.Scheme
        && known.Listeners.ToHashSet().SetEquals(asked.Listeners)
        && known.Subnets.ToHashSet(StringComparer.Ordinal).SetEquals(asked.Subnets)
        && known.SecurityGroups.ToHashSet(StringComparer.Ordinal).SetEquals(asked.SecurityGroups);

    private static JsonObject Created(LoadBalancerRecord record) => new() { ["DNSName"] = record.DnsName };

    private async Task<JsonObject> DeleteAsync(JsonObject input, CancellationToken cancellationToken)
    {
        // Deleting one that is not there succeeds, as on AWS.
        if (!balancers.TryGetValue(input.Required("LoadBalancerName"), out var balancer)) return [];
        lock (gate)
        {
            balancers.Remove(balancer.Record.Name);
            state.LoadBalancers.Remove(balancer.Record.Name);

            // A listener that still waits for its port finds that it is wanted no more.
            balancer.Record.Listeners.Clear();
            Save();
        }

        await listeners.CloseAsync(balancer, DeleteGrace);
        await balancer.DisposeAsync();
        return [];
    }

    private LoadBalancer Attach(LoadBalancerRecord record)
    {
        var balancer = new LoadBalancer(record, context, instances, probe, gate, Save, new TrafficMetrics(metrics, record.Name), logger);
        lock (gate) balancers.Add(record.Name, balancer);
        return balancer;
    }

    /// <summary>Takes no lock: EC2 asks under its own, and is asked by us under ours.</summary>
    private bool UsesGroup(string groupId) => groupsInUse.Contains(groupId);

    private LoadBalancer Find(JsonObject input) => Find(input.Required("LoadBalancerName"));

    private LoadBalancer Find(string name)
    {
        lock (gate) return balancers.GetValueOrDefault(name) ?? throw ElbErrors.LoadBalancerNotFound(name);
    }

    private void Save()
    {
        lock (gate)
        {
            groupsInUse = state.LoadBalancers.Values.SelectMany(record => record.SecurityGroups).ToFrozenSet(StringComparer.Ordinal);
            certificatesInUse = state.LoadBalancers.Values.SelectMany(record => record.Listeners).Select(listener => listener.CertificateId).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
            file.Save(state);
        }
    }

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Reading(Func<JsonObject, JsonObject> handler) => gate.Locked(handler);

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Changing(Func<JsonObject, JsonObject> handler) =>
        Changing((input, _) =>
        {
            lock (gate) return Task.FromResult(handler(input));
        });

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Changing(Func<JsonObject, CancellationToken, Task<JsonObject>> handler) =>
        async (call, cancellationToken) =>
        {
            await changes.WaitAsync(cancellationToken);
            try
            {
                return await handler(call.Input, cancellationToken);
            }
            finally
            {
                changes.Release();
            }
        };
}
