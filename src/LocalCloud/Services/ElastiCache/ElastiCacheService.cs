using System.Collections.Frozen;
using System.Net;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>ElastiCache, API 2015-02-02, for memcached: the service's life, and what its operations share.</summary>
internal sealed partial class ElastiCacheService : IAwsService, IBreakable, IDisposable
{
    private const string DefaultSubnetGroup = "default";

    private readonly Lock gate = new();
    private readonly CloudContext context;
    private readonly ICacheEngine engine;
    private readonly IAddressPool addresses;
    private readonly ISecurityGroupDirectory securityGroups;
    private readonly ILogger logger;
    private readonly StateFile<ElastiCacheState> file;
    private readonly ElastiCacheShapes shapes;
    private readonly Dictionary<string, CacheLifecycle> lifecycles = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private ElastiCacheState state = new();
    private volatile FrozenSet<string> groupsInUse = [];

    public ElastiCacheService(
        CloudContext context, ICacheEngine engine, IAddressPool addresses, ISecurityGroupDirectory securityGroups, ILogger<ElastiCacheService> logger)
    {
        this.context = context;
        this.engine = engine;
        this.addresses = addresses;
        this.securityGroups = securityGroups;
        this.logger = logger;
        shapes = new ElastiCacheShapes(context);
        file = new StateFile<ElastiCacheState>(context.StateDirectory, Name);

        // Takes no lock: EC2 asks under its own, and is asked by us under ours.
        securityGroups.RegisterUser(id => groupsInUse.Contains(id));
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateCacheCluster"] = Locked(Create),
            ["DescribeCacheClusters"] = Locked(Describe),
            ["ModifyCacheCluster"] = Locked(Modify),
            ["DeleteCacheCluster"] = Locked(Delete),
            ["RebootCacheCluster"] = Locked(Reboot),
            ["CreateCacheSubnetGroup"] = Locked(CreateSubnetGroup),
            ["DescribeCacheSubnetGroups"] = Locked(DescribeSubnetGroups),
            ["ModifyCacheSubnetGroup"] = Locked(ModifySubnetGroup),
            ["DeleteCacheSubnetGroup"] = Locked(DeleteSubnetGroup),
            ["CreateCacheParameterGroup"] = Locked(CreateParameterGroup),
            ["DescribeCacheParameterGroups"] = Locked(DescribeParameterGroups),
            ["DescribeCacheParameters"] = Locked(DescribeParameters),
            ["ModifyCacheParameterGroup"] = Locked(ModifyParameterGroup),
            ["DeleteCacheParameterGroup"] = Locked(DeleteParameterGroup),
            ["AddTagsToResource"] = Locked(AddTags),
            ["RemoveTagsFromResource"] = Locked(RemoveTags),
            ["ListTagsForResource"] = Locked(ListTags),
        };
    }

    public string Name => "elasticache";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    /// <inheritdoc/>
    public bool Break(FaultKind fault, string? resource, TimeSpan away)
    {
        if (fault != FaultKind.CacheLoss) return false;
        lock (gate)
        {
            var meant = state.Clusters.Values.Where(record => record.Status == "available" && (resource is null || record.Id == resource)).ToList();
            foreach (var record in meant) lifecycles[record.Id].Lose(away);
            return meant.Count > 0;
        }
    }

    /// <summary>The nodes that serve.</summary>
    public IReadOnlyList<(string Cluster, string Node, IPAddress Address, int Port)> ServingNodes
    {
        get
        {
            lock (gate)
            {
                return [.. state.Clusters.Values.SelectMany(cluster => cluster.Nodes.Where(node => node.Process is not null)
                    .Select(node => (cluster.Id, node.Id, IPAddress.Parse(node.Address), cluster.Port)))];
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            state = file.Load();
            foreach (var record in state.Clusters.Values.ToList()) Resume(record);
            Save();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        List<CacheLifecycle> all;
        lock (gate) all = [.. lifecycles.Values];
        await Task.WhenAll(all.Select(lifecycle => lifecycle.Idle));
        await Task.WhenAll(all.Select(lifecycle => lifecycle.ShutDownAsync(keepProcesses, cancellationToken)));
    }

    public void Dispose() => stopping.Dispose();

    /// <summary>Completes when nothing asked for so far is left to do; for tests.</summary>
    internal async Task IdleAsync()
    {
        List<Task> all;
        lock (gate) all = [.. lifecycles.Values.Select(lifecycle => lifecycle.Idle)];
        await Task.WhenAll(all);
    }

    /// <summary>Goes on where the last LocalCloud ended.</summary>
    private void Resume(ClusterRecord record)
    {
        var lifecycle = Attach(record);
        if (record.Status == "deleting") lifecycle.Delete(() => Forget(record));
        else if (record.Status == "creating") lifecycle.Create();
        else lifecycle.Resume();
    }

    private CacheLifecycle Attach(ClusterRecord record) => lifecycles[record.Id] =
        new CacheLifecycle(record, context, engine, () => Values(record), gate, Save, logger, stopping.Token);

    private void Forget(ClusterRecord record)
    {
        lock (gate)
        {
            state.Clusters.Remove(record.Id);
            lifecycles.Remove(record.Id);
            foreach (var node in record.Nodes) addresses.Release(Owner(record.Id, node.Id));
            addresses.Release(Owner(record.Id, "cfg"));
            Save();
        }
    }

    private static string Owner(string cluster, string part) => $"elasticache/{cluster}/{part}";

    private IReadOnlyDictionary<string, string> Values(ClusterRecord record)
    {
        lock (gate) return new Dictionary<string, string>(ParameterGroup(record.ParameterGroup).Values, StringComparer.Ordinal);
    }

    private ClusterRecord Find(JsonObject input)
    {
        var id = ElastiCacheRules.Identifier("CacheClusterId", input.Required("CacheClusterId"), 50);
        return state.Clusters.GetValueOrDefault(id) ?? throw ElastiCacheErrors.ClusterNotFound(id);
    }

    private void Save()
    {
        lock (gate)
        {
            groupsInUse = state.Clusters.Values.SelectMany(record => record.SecurityGroups).ToFrozenSet(StringComparer.Ordinal);
            file.Save(state);
        }
    }

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Locked(Func<JsonObject, JsonObject> handler) => (call, _) =>
    {
        lock (gate) return Task.FromResult<ApiResult>(handler(call.Input));
    };

    /// <summary>One page of a list that is sorted by <paramref name="key"/>.</summary>
    private static JsonObject Page<T>(JsonObject input, string member, IEnumerable<T> items, Func<T, string> key, Func<T, JsonObject> shape)
    {
        var size = input.Number("MaxRecords") ?? 100;
        if (size is < 20 or > 100) throw ElastiCacheErrors.Value("Invalid value for max records. Must be between 20 and 100.");
        var rest = items.OrderBy(key, StringComparer.Ordinal).Where(item => input.Text("Marker") is not { } marker || string.CompareOrdinal(key(item), marker) > 0).ToList();
        var page = rest.Take(size).ToList();
        var output = new JsonObject { [member] = page.Select(shape).ToJson() };
        if (rest.Count > size) output["Marker"] = key(page[^1]);
        return output;
    }
}
