using Amazon.ElasticLoadBalancing.Model;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the account has room for a load balancer and its instances, and for the databases.</summary>
public sealed class QuotasCheck(IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation) : IPreflightCheck
{
    private const string Raise = "Have it raised in Service Quotas, or make room.";

    /// <inheritdoc/>
    public string About => "quotas";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        List<Problem> problems = [.. await LoadBalancersAsync(cancellationToken), .. await DatabasesAsync(cancellationToken)];
        return CheckResult.Of("quotas of load balancers and databases have room", problems);
    }

    private async Task<IEnumerable<Problem>> LoadBalancersAsync(CancellationToken cancellationToken)
    {
        var answer = await clients.LoadBalancing.DescribeAccountLimitsAsync(new DescribeAccountLimitsRequest(), cancellationToken);
        var limits = (answer.Limits ?? []).Where(limit => int.TryParse(limit.Max, out _)).ToDictionary(limit => limit.Name, limit => int.Parse(limit.Max, System.Globalization.CultureInfo.InvariantCulture));
        var problems = new List<Problem>();
        var fleet = settings.Webheads.Count + Math.Max(settings.Surge, settings.Rollout.BatchSize);
        if (limits.TryGetValue("classic-registered-instances", out var registered) && registered < fleet)
            problems.Add(new Problem($"A load balancer may have {registered} instances; a rollout has up to {fleet}.", Raise));
        var wanted = settings.TokenServer is null ? 1 : 2;
        if (await observation.LoadBalancer.GetAsync(cancellationToken) is null && limits.TryGetValue("classic-load-balancers", out var most)
            && await CountAsync(cancellationToken) is var there && there + wanted > most)
            problems.Add(new Problem($"The account may have {most} classic load balancers, and has {there}{(wanted == 1 ? "" : $"; the cluster wants {wanted}")}.", Raise));
        return problems;
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeLoadBalancersRequest();
        var count = 0;
        do
        {
            var page = await clients.LoadBalancing.DescribeLoadBalancersAsync(request, cancellationToken);
            count += page.LoadBalancerDescriptions?.Count ?? 0;
            request.Marker = page.NextMarker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return count;
    }

    private async Task<IEnumerable<Problem>> DatabasesAsync(CancellationToken cancellationToken)
    {
        var there = await observation.Databases.GetAsync(cancellationToken);
        var missing = settings.RdsNodes.Where(node => !there.ContainsKey(names.Database(node))).ToList();
        if (missing.Count == 0) return [];
        var quotas = (await clients.Rds.DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), cancellationToken)).AccountQuotas ?? [];
        return
        [
            .. Short("DBInstances", missing.Count, "databases"),
            .. Short("AllocatedStorage", missing.Sum(node => node.StorageGiB), "GiB of database storage"),
        ];

        IEnumerable<Problem> Short(string quota, long wanted, string what) =>
            from one in quotas
            where one.AccountQuotaName == quota && one.Max - one.Used < wanted
            select new Problem($"The account may have {one.Max} {what} and has {one.Used}; the cluster wants {wanted} more.", Raise);
    }
}
