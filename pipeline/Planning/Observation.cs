using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache.Model;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.Pipeline.Planning;

/// <summary>
/// What AWS has of this cluster. Each fact is read once a run, when it is first asked for, and shared by all stages; a
/// stage that changes something forgets the fact.
/// </summary>
public sealed class Observation
{
    private readonly IClients clients;
    private readonly ClusterNames names;
    private readonly HashSet<string> nodeNames;
    private readonly bool hasDatabases;

    /// <summary>Reads nothing yet.</summary>
    public Observation(IClients clients, EnvironmentSettings settings, ClusterNames names)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.clients = clients;
        this.names = names;
        nodeNames = [.. settings.Dbnodes.Select(names.Database)];
        hasDatabases = settings.RdsNodes.Any();
        Network = new(token => ClusterNetwork.ReadAsync(clients, settings.Network, token));
        SecurityGroups = new(ReadGroupsAsync);
        LoadBalancer = new(token => ObservedLoadBalancer.ReadAsync(clients, names.LoadBalancer, token));
        Instances = new(ReadInstancesAsync);
        Images = new(ReadImagesAsync);
        Volumes = new(ReadVolumesAsync);
        Databases = new(ReadDatabasesAsync);
        DatabaseSubnets = new(ReadDatabaseSubnetsAsync);
        Cache = new(ReadCacheAsync);
    }

    private Observation(Observation shared, ClusterNames names)
    {
        clients = shared.clients;
        this.names = names;
        (nodeNames, hasDatabases) = (shared.nodeNames, shared.hasDatabases);
        LoadBalancer = new(token => ObservedLoadBalancer.ReadAsync(clients, names.LoadBalancer, token));
        (Network, SecurityGroups, Instances, Images, Volumes) = (shared.Network, shared.SecurityGroups, shared.Instances, shared.Images, shared.Volumes);
        (Databases, DatabaseSubnets, Cache) = (shared.Databases, shared.DatabaseSubnets, shared.Cache);
    }

    /// <summary>The same facts for another role: all but its load balancer are shared, and read once for both.</summary>
    /// <param name="other">The names of that role.</param>
    public Observation Of(ClusterNames other) => new(this, other);

    /// <summary>VPC and subnets.</summary>
    public Memo<ClusterNetwork> Network { get; }

    /// <summary>The VPC's groups that have a name of this cluster's.</summary>
    public Memo<IReadOnlyList<SecurityGroup>> SecurityGroups { get; }

    /// <summary>The role's load balancer, or null.</summary>
    public Memo<ObservedLoadBalancer?> LoadBalancer { get; }

    /// <summary>The cluster's instances of all roles, but for those terminated or on their way there.</summary>
    public Memo<IReadOnlyList<Instance>> Instances { get; }

    /// <summary>The cluster's images, in any state.</summary>
    public Memo<IReadOnlyList<Image>> Images { get; }

    /// <summary>The cluster's volumes, those that instances start from, too. Nothing asks for them but for dbnodes on EC2.</summary>
    public Memo<IReadOnlyList<Volume>> Volumes { get; }

    /// <summary>The databases whose name starts with the cluster's, by name.</summary>
    public Memo<IReadOnlyDictionary<string, DBInstance>> Databases { get; }

    /// <summary>The database subnet group, or null.</summary>
    public Memo<DBSubnetGroup?> DatabaseSubnets { get; }

    /// <summary>The cache cluster with its nodes, or null.</summary>
    public Memo<CacheCluster?> Cache { get; }

    /// <summary>Begins to read facts, all at once, beside what comes next: a run of several stages asks for each of them anyway.</summary>
    /// <param name="facts">Which.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public void Begin(Facts facts, CancellationToken cancellationToken)
    {
        if (facts.HasFlag(Facts.SecurityGroups)) SecurityGroups.Begin(cancellationToken);
        if (facts.HasFlag(Facts.Databases)) Databases.Begin(cancellationToken);
        if (facts.HasFlag(Facts.Databases) && hasDatabases) DatabaseSubnets.Begin(cancellationToken);
        if (facts.HasFlag(Facts.Cache)) Cache.Begin(cancellationToken);
        if (facts.HasFlag(Facts.LoadBalancer)) LoadBalancer.Begin(cancellationToken);
        if (facts.HasFlag(Facts.Instances)) Instances.Begin(cancellationToken);
        if (facts.HasFlag(Facts.Images)) Images.Begin(cancellationToken);
    }

    /// <summary>The id of one of the cluster's groups, which must exist by now.</summary>
    public async Task<string> GroupIdAsync(string name, CancellationToken cancellationToken) =>
        (await SecurityGroups.GetAsync(cancellationToken)).FirstOrDefault(group => group.GroupName == name)?.GroupId
            ?? throw new Errors.PipelineException(
                Errors.ErrorCode.AwsRefused, $"The security group {name} does not exist.", hint: "./build.sh --target=Ensure-Security-Groups");

    private async Task<IReadOnlyList<SecurityGroup>> ReadGroupsAsync(CancellationToken cancellationToken)
    {
        var network = await Network.GetAsync(cancellationToken);
        var request = new DescribeSecurityGroupsRequest
        {
            Filters =
            [
                new Filter("vpc-id", [network.VpcId]),
                new Filter("group-name", [
                    names.LoadBalancerGroup, names.WebGroup, names.BuildGroup, names.DatabaseGroup, names.CacheGroup, names.TokenServerLoadBalancerGroup, names.TokenServerGroup,
                ]),
            ],
        };
        return (await clients.Ec2.DescribeSecurityGroupsAsync(request, cancellationToken)).SecurityGroups ?? [];
    }

    private async Task<IReadOnlyList<Instance>> ReadInstancesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeInstancesRequest
        {
            Filters =
            [
                .. ResourceTags.Filters(names.Cluster),
                new Filter("instance-state-name", ["pending", "running", "stopping", "stopped"]),
            ],
        };
        var found = new List<Instance>();
        do
        {
            var page = await clients.Ec2.DescribeInstancesAsync(request, cancellationToken);
            found.AddRange((page.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? []));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private async Task<IReadOnlyList<Image>> ReadImagesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeImagesRequest
        {
            Owners = ["self"],
            Filters = ResourceTags.Filters(names.Cluster),
        };
        return (await clients.Ec2.DescribeImagesAsync(request, cancellationToken)).Images ?? [];
    }

    private async Task<IReadOnlyList<Volume>> ReadVolumesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeVolumesRequest { Filters = [.. ResourceTags.Filters(names.Cluster), new Filter("status", ["creating", "available", "in-use"])] };
        var found = new List<Volume>();
        do
        {
            var page = await clients.Ec2.DescribeVolumesAsync(request, cancellationToken);
            found.AddRange(page.Volumes ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private async Task<IReadOnlyDictionary<string, DBInstance>> ReadDatabasesAsync(CancellationToken cancellationToken)
    {
        // RDS filters by exact names only, and refuses to list one that does not exist.
        var found = new Dictionary<string, DBInstance>(StringComparer.Ordinal);
        var request = new DescribeDBInstancesRequest { MaxRecords = 100 };
        do
        {
            var page = await clients.Rds.DescribeDBInstancesAsync(request, cancellationToken);
            foreach (var database in page.DBInstances ?? [])
                if (IsOfInterest(database)) found[database.DBInstanceIdentifier] = database;
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return found;
    }

    // What carries our tags, and what has one of our names: a cluster "sync" has nothing to do with the databases of "sync-b".
    private bool IsOfInterest(DBInstance database) =>
        nodeNames.Contains(database.DBInstanceIdentifier) || ResourceTags.AreOurs((database.TagList ?? []).ToDictionary(tag => tag.Key, tag => tag.Value), names.Cluster);

    private Task<DBSubnetGroup?> ReadDatabaseSubnetsAsync(CancellationToken cancellationToken) => AwsErrors.UnlessMissingAsync(async () =>
    {
        var request = new DescribeDBSubnetGroupsRequest { DBSubnetGroupName = names.DatabaseSubnets };
        return (await clients.Rds.DescribeDBSubnetGroupsAsync(request, cancellationToken)).DBSubnetGroups?.FirstOrDefault();
    });

    private Task<CacheCluster?> ReadCacheAsync(CancellationToken cancellationToken) => AwsErrors.UnlessMissingAsync(async () =>
    {
        var request = new DescribeCacheClustersRequest { CacheClusterId = names.Cache, ShowCacheNodeInfo = true };
        return (await clients.ElastiCache.DescribeCacheClustersAsync(request, cancellationToken)).CacheClusters?.FirstOrDefault();
    });
}
