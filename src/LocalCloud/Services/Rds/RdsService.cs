using System.Collections.Frozen;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>RDS, API 2014-10-31: the service's life, and what its operations share.</summary>
internal sealed partial class RdsService : IAwsService, IBreakable, IDisposable
{
    private const string DefaultSubnetGroup = "default";

    private readonly Lock gate = new();
    private readonly CloudContext context;
    private readonly IDatabaseEngine engine;
    private readonly IAddressPool addresses;
    private readonly ISecurityGroupDirectory securityGroups;
    private readonly ILogger logger;
    private readonly StateFile<RdsState> file;
    private readonly RdsShapes shapes;
    private readonly Dictionary<string, DatabaseLifecycle> lifecycles = new(StringComparer.Ordinal);
    private CancellationTokenSource stopping = new();
    private RdsState state = new();
    private volatile FrozenSet<string> groupsInUse = [];

    public RdsService(
        CloudContext context, IDatabaseEngine engine, IAddressPool addresses, ISecurityGroupDirectory securityGroups, ILogger<RdsService> logger)
    {
        this.context = context;
        this.engine = engine;
        this.addresses = addresses;
        this.securityGroups = securityGroups;
        this.logger = logger;
        shapes = new RdsShapes(context);
        file = new StateFile<RdsState>(context.StateDirectory, Name);

        // Takes no lock: EC2 asks under its own, and is asked by us under ours.
        securityGroups.RegisterUser(id => groupsInUse.Contains(id));
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateDBInstance"] = Locked(Create),
            ["DescribeDBInstances"] = Locked(Describe),
            ["ModifyDBInstance"] = Locked(Modify),
            ["DeleteDBInstance"] = Locked(Delete),
            ["RebootDBInstance"] = Locked(Reboot),
            ["CreateDBSubnetGroup"] = Locked(CreateSubnetGroup),
            ["DescribeDBSubnetGroups"] = Locked(DescribeSubnetGroups),
            ["ModifyDBSubnetGroup"] = Locked(ModifySubnetGroup),
            ["DeleteDBSubnetGroup"] = Locked(DeleteSubnetGroup),
            ["CreateDBSnapshot"] = Locked(CreateSnapshot),
            ["DescribeDBSnapshots"] = Locked(DescribeSnapshots),
            ["DeleteDBSnapshot"] = Locked(DeleteSnapshot),
            ["AddTagsToResource"] = Locked(AddTags),
            ["RemoveTagsFromResource"] = Locked(RemoveTags),
            ["ListTagsForResource"] = Locked(ListTags),
            ["DescribeAccountAttributes"] = Locked(DescribeAccountAttributes),
            ["DescribeOrderableDBInstanceOptions"] = Locked(DescribeOrderableOptions),
        };
    }

    public string Name => "rds";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    /// <inheritdoc/>
    public bool Break(FaultKind fault, string? resource, TimeSpan away)
    {
        if (fault is not (FaultKind.DatabaseFailover or FaultKind.StorageFull)) return false;
        lock (gate)
        {
            var meant = state.Databases.Values.Where(record => record.Status == "available" && (resource is null || record.Id == resource)).ToList();
            foreach (var record in meant)
            {
                if (fault == FaultKind.StorageFull) lifecycles[record.Id].FillUp();
                else lifecycles[record.Id].FailOver(away);
            }

            return meant.Count > 0;
        }
    }

    /// <summary>The databases that serve, with the storage that each was given, in GiB.</summary>
    public IReadOnlyList<(DatabaseServer Server, int StorageGiB)> Serving
    {
        get
        {
            lock (gate)
                return [.. state.Databases.Values.Where(record => record.Process is not null && record.Address.Length > 0).Select(record => (record.Server(), record.Settings.Number("AllocatedStorage") ?? 0))];
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            state = file.Load();
            foreach (var snapshot in state.Snapshots.Values.Where(snapshot => snapshot.Status == "creating")) snapshot.Status = "failed";
            foreach (var record in state.Databases.Values.ToList()) Resume(record);
            Save();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        List<DatabaseLifecycle> all;
        lock (gate) all = [.. lifecycles.Values];
        await Task.WhenAll(all.Select(lifecycle => lifecycle.Idle));
        if (!keepProcesses) await Task.WhenAll(all.Select(lifecycle => lifecycle.ShutDownAsync(cancellationToken)));
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
    private void Resume(DatabaseRecord record)
    {
        var lifecycle = Attach(record);
        switch (record.Status)
        {
            case "creating":
                lifecycle.Create();
                break;
            case "deleting":
                lifecycle.Delete(FinalSnapshot(record), () => Forget(record));
                break;
            case "failed":
            case "storage-full" when record.FullGiB is null:
                // As on AWS: it stays so until it is deleted.
                break;
            default:
                if (record.Status == "modifying") Apply(record, Merge(record.Pending, []));
                record.Status = record.IsFull ? "storage-full" : "available";
                lifecycle.Resume();
                break;
        }
    }

    private DatabaseLifecycle Attach(DatabaseRecord record) =>
        lifecycles[record.Id] = new DatabaseLifecycle(record, context, engine, gate, Save, logger, stopping.Token);

    private void Forget(DatabaseRecord record)
    {
        lock (gate)
        {
            state.Databases.Remove(record.Id);
            lifecycles.Remove(record.Id);
            addresses.Release(Owner(record.Id));
            Save();
        }
    }

    private static string Owner(string id) => $"rds/{id}";

    private DatabaseRecord Find(JsonObject input)
    {
        var id = RdsRules.Identifier("DBInstanceIdentifier", input.Required("DBInstanceIdentifier"));
        return state.Databases.GetValueOrDefault(id) ?? throw RdsErrors.DatabaseNotFound(id);
    }

    private SubnetGroupRecord SubnetGroup(string name) =>
        state.SubnetGroups.GetValueOrDefault(name) ?? throw RdsErrors.SubnetGroupNotFound(name);

    private JsonObject Shape(DatabaseRecord record) => shapes.Describe(record, SubnetGroup(record.SubnetGroup));

    private JsonObject Answer(DatabaseRecord record) => new() { ["DBInstance"] = Shape(record) };

    private void Save()
    {
        lock (gate)
        {
            groupsInUse = state.Databases.Values.SelectMany(record => record.SecurityGroups).ToFrozenSet(StringComparer.Ordinal);
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
        if (size is < 20 or > 100) throw RdsErrors.Value("Invalid value for max records. Must be between 20 and 100.");
        var rest = items.OrderBy(key, StringComparer.Ordinal).Where(item => input.Text("Marker") is not { } marker || string.CompareOrdinal(key(item), marker) > 0).ToList();
        var page = rest.Take(size).ToList();
        var output = new JsonObject { [member] = page.Select(shape).ToJson() };
        if (rest.Count > size) output["Marker"] = key(page[^1]);
        return output;
    }
}
