using System.Globalization;
using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Network;
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
    private readonly Memo<CacheSubnetGroup?> subnetGroup;
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
        subnetGroup = new(SubnetGroupAsync);
        maxItemSize = new(MaxItemSizeAsync);
    }

    private string MaxItemBytes => settings.Cache.MaxItemBytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>The differences; reads only.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>();
        var network = await observation.Network.GetAsync(cancellationToken);
        var subnets = $"cache subnet group {names.CacheSubnets}";
        if (await subnetGroup.GetAsync(cancellationToken) is not { } group) changes.Add(new PlannedChange(ChangeKind.Create, subnets, $"over {network.Subnets.Count} zones"));
        else if (DifferenceOf(group, network) is { } difference) changes.Add(PlannedChange.Of(ChangeKind.Update, subnets, difference));
        var size = await maxItemSize.GetAsync(cancellationToken);
        if (size is null) changes.Add(new PlannedChange(ChangeKind.Create, $"cache parameter group {names.CacheParameters}", $"{CachePlan.MaxItemSize} {MaxItemBytes}"));
        else if (size != MaxItemBytes) changes.Add(PlannedChange.Of(ChangeKind.Update, $"cache parameter group {names.CacheParameters}", new ValueChange(CachePlan.MaxItemSize, size, MaxItemBytes)));
        return changes;
    }

    /// <summary>Brings both to what the settings say.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var group = await subnetGroup.GetAsync(cancellationToken);
        if (group is null) await CreateSubnetGroupAsync(cancellationToken);
        var size = await maxItemSize.GetAsync(cancellationToken);
        if (size is null) await CreateParameterGroupAsync(cancellationToken);

        // Once a cluster of ours is made with them, they have been looked at.
        if (size != MaxItemBytes || await observation.Cache.GetAsync(cancellationToken) is null) await RequireOursAsync(cancellationToken);
        var network = await observation.Network.GetAsync(cancellationToken);
        if (group is not null && DifferenceOf(group, network) is { } difference) await ModifySubnetsAsync(difference, group, network, cancellationToken);
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

    private Task<CacheSubnetGroup?> SubnetGroupAsync(CancellationToken cancellationToken) =>
        AwsErrors.UnlessMissingAsync(() => clients.ElastiCache.SubnetGroupAsync(names.CacheSubnets, cancellationToken));

    private static ValueChange? DifferenceOf(CacheSubnetGroup group, ClusterNetwork network) => network.DifferenceOf((group.Subnets ?? []).Select(subnet => subnet.SubnetIdentifier));

    private async Task ModifySubnetsAsync(ValueChange difference, CacheSubnetGroup group, ClusterNetwork network, CancellationToken cancellationToken)
    {
        Ownership.Require($"cache subnet group {names.CacheSubnets}", await clients.ElastiCache.TagsOfAsync(group.ARN, cancellationToken), names.Cluster);
        await clients.ElastiCache.ModifyCacheSubnetGroupAsync(
            new ModifyCacheSubnetGroupRequest { CacheSubnetGroupName = names.CacheSubnets, SubnetIds = network.SubnetIds }, cancellationToken);
        subnetGroup.Forget();
        progress.Changed($"cache subnet group {names.CacheSubnets}: {difference}");
    }

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
                await clients.ElastiCache.TagsOfAsync((await clients.ElastiCache.SubnetGroupAsync(names.CacheSubnets, token))!.ARN, token), cancellationToken), names.Cluster);
        if (!madeParameterGroup)
            Ownership.Require($"cache parameter group {names.CacheParameters}", await waiter.OncePossibleAsync($"cache parameter group {names.CacheParameters}", pace, async token =>
                await clients.ElastiCache.TagsOfAsync((await clients.ElastiCache.ParameterGroupAsync(names.CacheParameters, token))!.ARN, token), cancellationToken), names.Cluster);
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
        subnetGroup.Forget();
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
