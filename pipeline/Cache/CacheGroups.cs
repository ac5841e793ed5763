using System.Globalization;
using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Cache;

/// <summary>The cache's subnet group and parameter group.</summary>
public sealed class CacheGroups
{
    private readonly IClients clients;
    private readonly EnvironmentSettings settings;
    private readonly ClusterNames names;
    private readonly Observation observation;
    private readonly Waiter waiter;
    private readonly IProgress progress;
    private readonly Memo<bool> subnetGroupExists;
    private readonly Memo<string?> maxItemSize;
    private bool madeSubnetGroup;
    private bool madeParameterGroup;

    /// <summary>Reads nothing yet.</summary>
    public CacheGroups(IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, Waiter waiter, IProgress progress)
    {
        this.clients = clients;
        this.settings = settings;
        this.names = names;
        this.observation = observation;
        this.waiter = waiter;
        this.progress = progress;
        subnetGroupExists = new(SubnetGroupExistsAsync);
        maxItemSize = new(MaxItemSizeAsync);
    }

    private string MaxItemBytes => settings.Cache.MaxItemBytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>The differences; reads only.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>();
        if (!await subnetGroupExists.GetAsync(cancellationToken))
            changes.Add(new PlannedChange(ChangeKind.Create, $"cache subnet group {names.CacheSubnets}", "one subnet a zone"));
        var size = await maxItemSize.GetAsync(cancellationToken);
        if (size is null) changes.Add(new PlannedChange(ChangeKind.Create, $"cache parameter group {names.CacheParameters}", $"{CachePlan.MaxItemSize} {MaxItemBytes}"));
        else if (size != MaxItemBytes) changes.Add(new PlannedChange(ChangeKind.Update, $"cache parameter group {names.CacheParameters}", $"{CachePlan.MaxItemSize} {MaxItemBytes}, not {size}"));
        return changes;
    }

    /// <summary>Brings both to what the settings say.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!await subnetGroupExists.GetAsync(cancellationToken)) await CreateSubnetGroupAsync(cancellationToken);
        var size = await maxItemSize.GetAsync(cancellationToken);
        if (size is null) await CreateParameterGroupAsync(cancellationToken);

        // Once a cluster of ours is made with them, they have been looked at.
        if (size != MaxItemBytes || await observation.Cache.GetAsync(cancellationToken) is null) await RequireOursAsync(cancellationToken);
        if (size == MaxItemBytes) return;

        var request = new ModifyCacheParameterGroupRequest
        {
            CacheParameterGroupName = names.CacheParameters,
            ParameterNameValues = [new ParameterNameValue { ParameterName = CachePlan.MaxItemSize, ParameterValue = MaxItemBytes }],
        };
        await waiter.OncePossibleAsync(
            $"cache parameter group {names.CacheParameters} to take changes", settings.Waits.Pace(settings.Waits.InstanceSeconds),
            token => clients.ElastiCache.ModifyCacheParameterGroupAsync(request, token), cancellationToken);
        maxItemSize.Forget();
        progress.Changed($"cache parameter group {names.CacheParameters}: {CachePlan.MaxItemSize} {MaxItemBytes}");
    }

    private async Task<bool> SubnetGroupExistsAsync(CancellationToken cancellationToken) => await AwsErrors.UnlessMissingAsync(async () =>
    {
        var request = new DescribeCacheSubnetGroupsRequest { CacheSubnetGroupName = names.CacheSubnets };
        return (await clients.ElastiCache.DescribeCacheSubnetGroupsAsync(request, cancellationToken)).CacheSubnetGroups?.FirstOrDefault();
    }) is not null;

    /// <summary>The parameter's value, or null if there is no group.</summary>
    private async Task<string?> MaxItemSizeAsync(CancellationToken cancellationToken) => await AwsErrors.UnlessMissingAsync(async () =>
    {
        var request = new DescribeCacheParametersRequest { CacheParameterGroupName = names.CacheParameters };
        do
        {
            var page = await clients.ElastiCache.DescribeCacheParametersAsync(request, cancellationToken);
            if (page.Parameters?.Find(parameter => parameter.ParameterName == CachePlan.MaxItemSize) is { } found) return found.ParameterValue ?? "";
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return "";
    });

    private async Task RequireOursAsync(CancellationToken cancellationToken)
    {
        var pace = settings.Waits.Pace(settings.Waits.InstanceSeconds);
        if (!madeSubnetGroup)
            Ownership.Require($"cache subnet group {names.CacheSubnets}", await waiter.OncePossibleAsync($"cache subnet group {names.CacheSubnets}", pace, async token =>
            {
                var request = new DescribeCacheSubnetGroupsRequest { CacheSubnetGroupName = names.CacheSubnets };
                var group = (await clients.ElastiCache.DescribeCacheSubnetGroupsAsync(request, token)).CacheSubnetGroups[0];
                return await clients.ElastiCache.TagsOfAsync(group.ARN, token);
            }, cancellationToken), names.Cluster);
        if (!madeParameterGroup)
            Ownership.Require($"cache parameter group {names.CacheParameters}", await waiter.OncePossibleAsync($"cache parameter group {names.CacheParameters}", pace, async token =>
            {
                var request = new DescribeCacheParameterGroupsRequest { CacheParameterGroupName = names.CacheParameters };
                var group = (await clients.ElastiCache.DescribeCacheParameterGroupsAsync(request, token)).CacheParameterGroups[0];
                return await clients.ElastiCache.TagsOfAsync(group.ARN, token);
            }, cancellationToken), names.Cluster);
    }

    private async Task CreateSubnetGroupAsync(CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        madeSubnetGroup = await AwsErrors.UnlessExistsAsync(() => clients.ElastiCache.CreateCacheSubnetGroupAsync(
            new CreateCacheSubnetGroupRequest
            {
                CacheSubnetGroupName = names.CacheSubnets,
                CacheSubnetGroupDescription = $"Sync cache of {names.Cluster}",
                SubnetIds = network.SubnetIds,
                Tags = ResourceTags.Of(names.Cluster, "cache").ToElastiCache(),
            },
            cancellationToken));
        subnetGroupExists.Forget();
        progress.Changed($"cache subnet group {names.CacheSubnets} created over {network.Subnets.Count} zones");
    }

    private async Task CreateParameterGroupAsync(CancellationToken cancellationToken)
    {
        madeParameterGroup = await AwsErrors.UnlessExistsAsync(() => clients.ElastiCache.CreateCacheParameterGroupAsync(
            new CreateCacheParameterGroupRequest
            {
                CacheParameterGroupName = names.CacheParameters,
                CacheParameterGroupFamily = CachePlan.Family(settings.Cache.EngineVersion),
                Description = $"Sync cache of {names.Cluster}",
                Tags = ResourceTags.Of(names.Cluster, "cache").ToElastiCache(),
            },
            cancellationToken));
        progress.Changed($"cache parameter group {names.CacheParameters} created");
    }
}
