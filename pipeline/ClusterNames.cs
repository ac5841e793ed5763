using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline;

/// <summary>The fixed names of a cluster's resources: its prefix and what each is.</summary>
/// <param name="cluster">The cluster's name, e.g. <c>sync2</c>.</param>
/// <param name="role">Whose load balancer and groups are meant; null for the webheads'.</param>
public sealed class ClusterNames(string cluster, ServiceRole? role = null)
{
    /// <summary>The cluster's name.</summary>
    public string Cluster => cluster;

    /// <summary>Whose load balancer and groups are meant.</summary>
    public ServiceRole Role => role ?? ServiceRole.Webhead;

    /// <summary>The group of the role's load balancer.</summary>
    public string LoadBalancerGroup => IsTokenServer ? TokenServerLoadBalancerGroup : $"{Cluster}-sg-lb";

    /// <summary>The group of the role's instances.</summary>
    public string ServiceGroup => IsTokenServer ? TokenServerGroup : WebGroup;

    /// <summary>The group of the webheads.</summary>
    public string WebGroup => $"{Cluster}-sg-web";

    /// <summary>The group of the token servers.</summary>
    public string TokenServerGroup => $"{Cluster}-sg-token";

    /// <summary>The group of the token servers' load balancer.</summary>
    public string TokenServerLoadBalancerGroup => $"{Cluster}-sg-token-lb";

    /// <summary>The group of the builder.</summary>
    public string BuildGroup => $"{Cluster}-sg-build";

    /// <summary>The group of the dbnodes.</summary>
    public string DatabaseGroup => $"{Cluster}-sg-db";

    /// <summary>The group of the cache nodes.</summary>
    public string CacheGroup => $"{Cluster}-sg-cache";

    /// <summary>The role's load balancer.</summary>
    public string LoadBalancer => IsTokenServer ? TokenServerLoadBalancer : $"{Cluster}-lb";

    /// <summary>The token servers' load balancer.</summary>
    public string TokenServerLoadBalancer => $"{Cluster}-token-lb";

    /// <summary>What the names of certificates begin with that are made for the role's load balancer.</summary>
    public string CertificatePrefix => IsTokenServer ? $"{Cluster}-token-" : $"{Cluster}-";

    /// <summary>The database subnet group.</summary>
    public string DatabaseSubnets => $"{Cluster}-db-subnets";

    /// <summary>The cache cluster.</summary>
    public string Cache => $"{Cluster}-cache";

    /// <summary>The cache subnet group.</summary>
    public string CacheSubnets => $"{Cluster}-cache-subnets";

    /// <summary>The cache parameter group.</summary>
    public string CacheParameters => $"{Cluster}-cache-params";

    /// <summary>The path of the cluster's roles and instance profiles.</summary>
    public string RolePath => $"/{Cluster}/";

    /// <summary>The webheads' role, and its instance profile.</summary>
    public string WebheadRole => $"{Cluster}-webhead";

    /// <summary>The role of the one-off admin instance, and its instance profile.</summary>
    public string AdminRole => $"{Cluster}-admin";

    /// <summary>The token servers' role, and its instance profile.</summary>
    public string TokenServerRole => $"{Cluster}-tokenserver";

    /// <summary>The role of a dbnode's instance, and its instance profile.</summary>
    public string NodeRole(string node) => $"{Cluster}-dbnode-{node}";

    /// <summary>What the names of the cluster's alarms begin with: no cluster's name has a slash, so no other's begin so.</summary>
    public string AlarmPrefix => $"{Cluster}/";

    /// <summary>The dashboard.</summary>
    public string Dashboard => Cluster;

    /// <summary>The log group of the webheads.</summary>
    public string WebheadLogs => $"/syncstorage/{Cluster}/webhead";

    /// <summary>The namespace of the figures that webheads and pipeline send.</summary>
    public string MetricNamespace => $"SyncStorage/{Cluster}";

    /// <summary>The parameter of the master secret.</summary>
    public string MasterSecretParameter => $"/{Cluster}/master-secret";

    /// <summary>The parameter of the master secret that is to replace it, while it is rotated.</summary>
    public string NextMasterSecretParameter => $"/{Cluster}/master-secret-next";

    /// <summary>The application's database account: letters, digits and underscores only.</summary>
    public string ApplicationUser => Cluster.Replace('-', '_');

    /// <summary>The application account that a dbnode is made with.</summary>
    public DatabaseAccount FirstAccount(string node) => new(ApplicationUser, ApplicationPasswordParameter(node));

    /// <summary>The application account that takes turns with it. Who may read the one password may read the other: a star in a policy's resource stands for slashes, too.</summary>
    public DatabaseAccount SecondAccount(string node) => new($"{ApplicationUser}_b", $"/{Cluster}/db/{node}/b/app");

    /// <summary>The database instance of a node.</summary>
    public string Database(DatabaseNodeSettings node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return $"{Cluster}-{node.Name}";
    }

    /// <summary>The parameter of a dbnode's master password.</summary>
    public string MasterPasswordParameter(string node) => $"/{Cluster}/db/{node}/master";

    /// <summary>The parameter of a dbnode's application password.</summary>
    public string ApplicationPasswordParameter(string node) => $"/{Cluster}/db/{node}/app";

    /// <summary>The parameter of a virtual hostname's secrets.</summary>
    public string HostSecretParameter(string hostname) => $"/{Cluster}/secrets/{hostname}";

    /// <summary>The parameter with a dbnode's virtual hostnames and their secrets, for a token server outside the cluster.</summary>
    public string ExportParameter(string node) => $"/{Cluster}/token-server/{node}";

    /// <summary>The first of the token servers' two database accounts, which take turns.</summary>
    public DatabaseAccount FirstTokenServerAccount => new($"{ApplicationUser}_token", TokenServerPasswordParameter);

    /// <summary>The second.</summary>
    public DatabaseAccount SecondTokenServerAccount => new($"{ApplicationUser}_token_b", $"/{Cluster}/tokenserver/b/db");

    /// <summary>The one of the token server's two accounts that it does not have.</summary>
    /// <param name="used">The one that it has.</param>
    public DatabaseAccount IdleTokenServerAccount(DatabaseAccount used) => used == FirstTokenServerAccount ? SecondTokenServerAccount : FirstTokenServerAccount;

    /// <summary>The parameter of the first account's password.</summary>
    public string TokenServerPasswordParameter => $"/{Cluster}/tokenserver/db";

    /// <summary>The parameter of what token servers hash ids with for metrics.</summary>
    public string MetricsSecretParameter => $"/{Cluster}/tokenserver/metrics-secret";

    /// <summary>The cluster's bucket.</summary>
    public string Bucket(string accountId, string region) => $"{Cluster}-{accountId}-{region}";

    /// <summary>An image's unique name.</summary>
    public string Image(string imageKey) => $"{Cluster}-{imageKey}";

    private bool IsTokenServer => Role == ServiceRole.TokenServer;
}
