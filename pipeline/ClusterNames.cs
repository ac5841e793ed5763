using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline;

/// <summary>The fixed names of a cluster's resources: its prefix and what each is.</summary>
/// <param name="cluster">The cluster's name, e.g. <c>sync2</c>.</param>
public sealed class ClusterNames(string cluster)
{
    /// <summary>The cluster's name.</summary>
    public string Cluster => cluster;

    /// <summary>The group of the load balancer.</summary>
    public string LoadBalancerGroup => $"{cluster}-sg-lb";

    /// <summary>The group of the webheads.</summary>
    public string WebGroup => $"{cluster}-sg-web";

    /// <summary>The group of the builder.</summary>
    public string BuildGroup => $"{cluster}-sg-build";

    /// <summary>The group of the dbnodes.</summary>
    public string DatabaseGroup => $"{cluster}-sg-db";

    /// <summary>The group of the cache nodes.</summary>
    public string CacheGroup => $"{cluster}-sg-cache";

    /// <summary>The load balancer.</summary>
    public string LoadBalancer => $"{cluster}-lb";

    /// <summary>The database subnet group.</summary>
    public string DatabaseSubnets => $"{cluster}-db-subnets";

    /// <summary>The cache cluster.</summary>
    public string Cache => $"{cluster}-cache";

    /// <summary>The cache subnet group.</summary>
    public string CacheSubnets => $"{cluster}-cache-subnets";

    /// <summary>The cache parameter group.</summary>
    public string CacheParameters => $"{cluster}-cache-params";

    /// <summary>The parameter of the master secret.</summary>
    public string MasterSecretParameter => $"/{cluster}/master-secret";

    /// <summary>The application's database account: letters, digits and underscores only.</summary>
    public string ApplicationUser => cluster.Replace('-', '_');

    /// <summary>The database instance of a node.</summary>
    public string Database(DatabaseNodeSettings node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return $"{cluster}-{node.Name}";
    }

    /// <summary>The parameter of a dbnode's master password.</summary>
    public string MasterPasswordParameter(string node) => $"/{cluster}/db/{node}/master";

    /// <summary>The parameter of a dbnode's application password.</summary>
    public string ApplicationPasswordParameter(string node) => $"/{cluster}/db/{node}/app";

    /// <summary>The parameter of a virtual hostname's secrets.</summary>
    public string HostSecretParameter(string hostname) => $"/{cluster}/secrets/{hostname}";

    /// <summary>The cluster's bucket.</summary>
    public string Bucket(string accountId, string region) => $"{cluster}-{accountId}-{region}";

    /// <summary>An image's unique name.</summary>
    public string Image(string imageKey) => $"{cluster}-{imageKey}";
}
