using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using Observed = Amazon.ElastiCache.Model.CacheCluster;

namespace SyncStorage.Pipeline.Cache;

/// <summary>The memcached cluster with its subnet and parameter groups: asked for, brought back to the settings, waited for.</summary>
public sealed class CacheCluster(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, CacheGroups groups, RunOptions options, Waiter waiter, IProgress progress)
{
    // In polls: some two minutes at AWS's pace, where a new one takes a few more.
    private const int SoonestAfter = 48;

    private long? freshSince;

    /// <summary>Whether this run has made it, as the settings say: until it is available there is nothing to compare.</summary>
    public bool IsNew => freshSince is not null;

    /// <summary>The differences; reads only.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>(await groups.PlanAsync(cancellationToken));
        var observed = await observation.Cache.GetAsync(cancellationToken);
        var resource = $"cache cluster {names.Cache}";
        if (observed is null)
        {
            changes.Add(new PlannedChange(ChangeKind.Create, resource, $"memcached {settings.Cache.EngineVersion}, {settings.Cache.Nodes} of {settings.Cache.NodeType}"));
            return changes;
        }

        var group = (await observation.SecurityGroups.GetAsync(cancellationToken)).FirstOrDefault(seen => seen.GroupName == names.CacheGroup);
        changes.AddRange(CachePlan.Compare(settings.Cache, observed, names.CacheParameters, group?.GroupId ?? names.CacheGroup)
            .Select(difference => PlannedChange.Of(difference.Apply is null ? ChangeKind.Replace : ChangeKind.Update, resource, difference.Value) with
            {
                Note = difference.Apply is null ? "Deploy refuses it: it would replace the cache" : difference.Restarts ? $"restart: wants --approve={names.Cluster}" : null,
            }));
        return changes;
    }

    /// <summary>Asks for what is missing and puts back what drifted, without waiting.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DowntimeNotApproved"/>: the node type differs, which only a replacement could change.</exception>
    public async Task RequestAsync(CancellationToken cancellationToken)
    {
        await groups.EnsureAsync(cancellationToken);
        var groupId = await observation.GroupIdAsync(names.CacheGroup, cancellationToken);
        if (await observation.Cache.GetAsync(cancellationToken) is { } observed) await ModifyAsync(observed, groupId, cancellationToken);
        else await CreateAsync(groupId, cancellationToken);
    }

    /// <summary>Waits until the cluster is available, with its configuration endpoint.</summary>
    public async Task<Observed> WaitAvailableAsync(CancellationToken cancellationToken)
    {
        var observed = IsNew && !observation.Cache.IsKnown ? null : await observation.Cache.GetAsync(cancellationToken);
        var available = observed is not null && IsReady(observed) ? observed : await PollAsync(cancellationToken);

        // Before it was available nobody could have said whose it is.
        if (!IsNew) await RequireOursAsync(available, cancellationToken);
        return available;
    }

    private Task<Observed> PollAsync(CancellationToken cancellationToken) =>
        waiter.UntilAsync($"cache cluster {names.Cache} to be available", Pace, async token =>
        {
            var cache = await observation.Cache.RefreshAsync(token);
            if (cache is not null && IsReady(cache)) return Poll.Done(cache);
            return cache?.CacheClusterStatus is "incompatible-network" or "restore-failed" or "deleting" or "deleted" or "create-failed"
                ? Poll.Failed<Observed>(cache.CacheClusterStatus)
                : Poll.NotYet<Observed>(cache?.CacheClusterStatus ?? "not known yet");
        }, cancellationToken);

    private Pace Pace
    {
        get
        {
            var pace = settings.Waits.Pace(settings.Waits.DataStoreSeconds);
            return freshSince is { } since ? waiter.NotBefore(pace, SoonestAfter, since) : pace;
        }
    }

    private static bool IsReady(Observed cache) => cache is { CacheClusterStatus: "available", ConfigurationEndpoint.Address: not null };

    private async Task CreateAsync(string groupId, CancellationToken cancellationToken)
    {
        var request = new CreateCacheClusterRequest
        {
            CacheClusterId = names.Cache,
            Engine = "memcached",
            EngineVersion = settings.Cache.EngineVersion,
            CacheNodeType = settings.Cache.NodeType,
            NumCacheNodes = settings.Cache.Nodes,
            AZMode = settings.Cache.Nodes > 1 ? AZMode.CrossAz : null,
            CacheParameterGroupName = names.CacheParameters,
            CacheSubnetGroupName = names.CacheSubnets,
            SecurityGroupIds = [groupId],
            Tags = ResourceTags.Of(names.Cluster, "cache").ToElastiCache(),
        };
        var made = await waiter.OncePossibleAsync(
            $"cache cluster {names.Cache} to be requested", settings.Waits.Pace(settings.Waits.InstanceSeconds),
            token => AwsErrors.UnlessExistsAsync(() => clients.ElastiCache.CreateCacheClusterAsync(request, token)), cancellationToken);
        observation.Cache.Forget();
        if (made) freshSince = waiter.Now;
        progress.Changed($"cache cluster {names.Cache} requested");
    }

    private async Task ModifyAsync(Observed observed, string groupId, CancellationToken cancellationToken)
    {
        var differences = CachePlan.Compare(settings.Cache, observed, names.CacheParameters, groupId);
        if (differences.Count == 0)
        {
            progress.Found($"cache cluster {names.Cache} is as the settings say ({observed.CacheClusterStatus})");
            return;
        }

        var text = string.Join("; ", differences.Select(difference => difference.Value));
        if (differences.Any(difference => difference.Apply is null))
            throw new PipelineException(
                ErrorCode.DowntimeNotApproved, $"Bringing the cache cluster {names.Cache} to the settings would mean replacing it.", lastSeen: text,
                hint: "Take the change back, or delete the cache cluster first: it holds no data that the databases lack, but for open tabs.");
        if (differences.Any(difference => difference.Restarts) && options.Approve != names.Cluster)
            throw new PipelineException(
                ErrorCode.DowntimeNotApproved, $"Bringing the cache cluster {names.Cache} to the settings would restart it.", lastSeen: text,
                hint: $"Run again with --approve={names.Cluster}, or take the change back.");

        await RequireOursAsync(observed, cancellationToken);
        var request = new ModifyCacheClusterRequest { CacheClusterId = names.Cache, ApplyImmediately = true };
        foreach (var difference in differences) difference.Apply!(request);
        await waiter.OncePossibleAsync(
            $"cache cluster {names.Cache} to take changes", settings.Waits.Pace(settings.Waits.DataStoreSeconds),
            token => clients.ElastiCache.ModifyCacheClusterAsync(request, token), cancellationToken);
        observation.Cache.Forget();
        progress.Changed($"cache cluster {names.Cache}: {text}");
    }

    private async Task RequireOursAsync(Observed observed, CancellationToken cancellationToken) =>
        Ownership.Require(
            $"cache cluster {names.Cache}",
            await waiter.OncePossibleAsync(
                $"the tags of cache cluster {names.Cache}", settings.Waits.Pace(settings.Waits.DataStoreSeconds),
                token => clients.ElastiCache.TagsOfAsync(observed.ARN, token), cancellationToken),
            names.Cluster);
}
