using System.Reflection;
using Amazon;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.EC2;
using Amazon.ElastiCache;
using Amazon.ElasticLoadBalancing;
using Amazon.IdentityManagement;
using Amazon.RDS;
using Amazon.Route53;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.ServiceQuotas;
using Amazon.SimpleSystemsManagement;

namespace SyncStorage.Pipeline.Aws;

/// <summary>The one factory of AWS clients: each is made on first use, after the connection was opened.</summary>
public sealed class Clients : IClients, IDisposable
{
    // One attempt and this many more. Standard, not adaptive, mode: adaptive throttles the whole client on its own side,
    // so that one throttled call would slow all others of a step; the waits have paces of their own.
    private const int Retries = 6;

    // A LocalCloud that is gone stays gone: with AWS's patience, its user would look at nothing for 40 s.
    private const int LocalRetries = 3;

    private readonly Func<AwsTarget> target;
    private readonly CallRecorder recorder;
    private readonly List<IDisposable> made = [];
    private readonly Lock making = new();

    /// <summary>Takes the target of an opened connection.</summary>
    /// <param name="connection">Opened before the first call.</param>
    /// <param name="recorder">Counts the calls.</param>
    public Clients(AwsConnection connection, CallRecorder recorder)
        : this(() => connection.Target, recorder)
    {
    }

    /// <summary>Takes a target as it is.</summary>
    /// <param name="target">Asked when a client is made.</param>
    /// <param name="recorder">Counts the calls.</param>
    public Clients(Func<AwsTarget> target, CallRecorder recorder)
    {
        (this.target, this.recorder) = (target, recorder);
        CallRecorder.Install();
    }

    /// <summary>Replaces the network, in tests.</summary>
    internal HttpClientFactory? Network { get; init; }

    /// <summary>Replaces the number of retries, in tests: their backoff takes real time.</summary>
    internal int? RetriesOfTests { get; init; }

    /// <summary>When one attempt of a call is given up. Default 60 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public IAmazonEC2 Ec2 => field ??= Make(new AmazonEC2Config(), (credentials, config) => credentials is null ? new AmazonEC2Client(config) : new AmazonEC2Client(credentials, config));

    /// <inheritdoc/>
    public IAmazonElasticLoadBalancing LoadBalancing => field ??= Make(new AmazonElasticLoadBalancingConfig(), (credentials, config) => credentials is null ? new AmazonElasticLoadBalancingClient(config) : new AmazonElasticLoadBalancingClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonRDS Rds => field ??= Make(new AmazonRDSConfig(), (credentials, config) => credentials is null ? new AmazonRDSClient(config) : new AmazonRDSClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonElastiCache ElastiCache => field ??= Make(new AmazonElastiCacheConfig(), (credentials, config) => credentials is null ? new AmazonElastiCacheClient(config) : new AmazonElastiCacheClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonIdentityManagementService Iam => field ??= Make(new AmazonIdentityManagementServiceConfig(), (credentials, config) => credentials is null ? new AmazonIdentityManagementServiceClient(config) : new AmazonIdentityManagementServiceClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonServiceQuotas Quotas => field ??= Make(new AmazonServiceQuotasConfig(), (credentials, config) => credentials is null ? new AmazonServiceQuotasClient(config) : new AmazonServiceQuotasClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonRoute53 Route53 => field ??= Make(new AmazonRoute53Config(), (credentials, config) => credentials is null ? new AmazonRoute53Client(config) : new AmazonRoute53Client(credentials, config));

    /// <inheritdoc/>
    public IAmazonSimpleSystemsManagement Ssm => field ??= Make(new AmazonSimpleSystemsManagementConfig(), (credentials, config) => credentials is null ? new AmazonSimpleSystemsManagementClient(config) : new AmazonSimpleSystemsManagementClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonS3 S3 => field ??= Make(new AmazonS3Config { ForcePathStyle = target().Endpoint is not null }, (credentials, config) => credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config));

    /// <inheritdoc/>
    public IAmazonCloudWatch CloudWatch => field ??= Make(new AmazonCloudWatchConfig(), (credentials, config) => credentials is null ? new AmazonCloudWatchClient(config) : new AmazonCloudWatchClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonCloudWatchLogs Logs => field ??= Make(new AmazonCloudWatchLogsConfig(), (credentials, config) => credentials is null ? new AmazonCloudWatchLogsClient(config) : new AmazonCloudWatchLogsClient(credentials, config));

    /// <inheritdoc/>
    public IAmazonSecurityTokenService Sts => field ??= Make(new AmazonSecurityTokenServiceConfig(), (credentials, config) => credentials is null ? new AmazonSecurityTokenServiceClient(config) : new AmazonSecurityTokenServiceClient(credentials, config));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in made)
            client.Dispose();
    }

    private TClient Make<TConfig, TClient>(TConfig config, Func<AWSCredentials?, TConfig, TClient> make)
        where TConfig : ClientConfig
        where TClient : AmazonServiceClient
    {
        var to = target();
        if (to.Endpoint is { } endpoint)
            config.ServiceURL = endpoint.ToString();
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(to.Region);
        // Under an endpoint override the region of the signature would be guessed, and guessed wrong.
        config.AuthenticationRegion = config is AmazonIdentityManagementServiceConfig or AmazonRoute53Config ? GlobalRegion(to.Region, config is AmazonRoute53Config) : to.Region;
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = RetriesOfTests ?? (to.IsLocal ? LocalRetries : Retries);
        config.Timeout = AttemptTimeout;
        config.ClientAppId = $"syncstorage-deploy-{Version}";
        if (Network is { } network)
            config.HttpClientFactory = network;
        lock (making)
        {
            var client = make(to.Credentials, config);
            recorder.Attach(client);
            made.Add(client);
            return client;
        }
    }

    /// <summary>IAM and Route 53 have one endpoint a partition, in this region.</summary>
    private static string GlobalRegion(string region, bool isOfNames) => RegionEndpoint.GetBySystemName(region).PartitionName switch
    {
        "aws-cn" => isOfNames ? "cn-northwest-1" : "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    };

    private static string Version { get; } = typeof(Clients).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
