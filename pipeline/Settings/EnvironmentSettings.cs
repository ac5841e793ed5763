using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>One environment, as <c>environments/&lt;name&gt;.json</c> says it. Every key is described in <c>environment.schema.json</c>.</summary>
public sealed record EnvironmentSettings
{
    /// <summary>The cluster's name, <c>[a-z][a-z0-9-]{0,19}</c> without a double or trailing hyphen: the prefix of every resource.</summary>
    [RegularExpression("[a-z](?:-?[a-z0-9])*", ErrorMessage = "lower-case letters, digits and single hyphens, a letter first"), StringLength(20)]
    public required string Cluster { get; init; }

    /// <summary>The account, region and endpoint.</summary>
    public AwsSettings Aws { get; init; } = new();

    /// <summary>LocalCloud, if the environment runs on it; null on AWS.</summary>
    public LocalCloudSettings? LocalCloud { get; init; }

    /// <summary>VPC, subnets, and who may connect.</summary>
    public NetworkSettings Network { get; init; } = new();

    /// <summary>What roles are made with.</summary>
    public IamSettings Iam { get; init; } = new();

    /// <summary>The classic load balancer.</summary>
    public LoadBalancerSettings LoadBalancer { get; init; } = new();

    /// <summary>The DNS records of the virtual hostnames; null to leave DNS alone.</summary>
    public DnsSettings? Dns { get; init; }

    /// <summary>The fleet.</summary>
    public WebheadSettings Webheads { get; init; } = new();

    /// <summary>The token server; null where it is somebody else's, or set up by hand.</summary>
    public TokenServerSettings? TokenServer { get; init; }

    /// <summary>How images are baked.</summary>
    public ImageSettings Image { get; init; } = new();

    /// <summary>The container image that <c>--artifact=container</c> makes.</summary>
    public ContainerSettings Container { get; init; } = new();

    /// <summary>The dbnodes, at least one.</summary>
    [MinLength(1)]
    public required IReadOnlyList<DatabaseNodeSettings> Dbnodes { get; init; }

    /// <summary>The memcached cluster.</summary>
    public CacheSettings Cache { get; init; } = new();

    /// <summary>When a dbnode counts as full.</summary>
    public CapacitySettings Capacity { get; init; } = new();

    /// <summary>How a rollout goes.</summary>
    public RolloutSettings Rollout { get; init; } = new();

    /// <summary>Figures, logs, alarms and a dashboard in CloudWatch; null for none, which costs no call.</summary>
    public MonitoringSettings? Monitoring { get; init; }

    /// <summary>A collector of metrics and traces by OTLP, beside CloudWatch or in its place; null for none.</summary>
    public OtlpSettings? Otlp { get; init; }

    /// <summary>How deployments keep out of each other's way.</summary>
    public DeploymentSettings Deployment { get; init; } = new();

    /// <summary>How often and how long to wait for AWS.</summary>
    public WaitSettings Waits { get; init; } = new();

    /// <summary>How secrets are rotated.</summary>
    public RotationSettings Rotation { get; init; } = new();

    /// <summary>Commands and webhooks that are run before and after stages, in this order. Default none.</summary>
    public IReadOnlyList<HookSettings> Hooks { get; init; } = [];
}

/// <summary>Where AWS is and whose it is.</summary>
public sealed record AwsSettings
{
    /// <summary>Twelve digits; required outside LocalCloud, and compared with STS before anything else.</summary>
    [RegularExpression("[0-9]{12}", ErrorMessage = "twelve digits")]
    public string? AccountId { get; init; }

    /// <summary>E.g. <c>eu-west-1</c>; required outside LocalCloud.</summary>
    [RegularExpression("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}", ErrorMessage = "a region like eu-west-1")]
    public string? Region { get; init; }

    /// <summary>A named profile of the shared credentials file; null for the SDK's default chain.</summary>
    public string? Profile { get; init; }

    /// <summary>
    /// The role to work as; null for the credentials themselves. In a job of GitHub Actions it is assumed with the job's identity token, elsewhere with the
    /// credentials. The session is renewed before it ends.
    /// </summary>
    [RegularExpression("arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+", ErrorMessage = "the ARN of a role")]
    public string? RoleArn { get; init; }

    /// <summary>Replaces AWS's endpoints for every service: an emulator. Null on AWS and with LocalCloud (which knows its own).</summary>
    public Uri? Endpoint { get; init; }
}

/// <summary>The embedded AWS.</summary>
public sealed record LocalCloudSettings
{
    /// <summary>The port of its API on 127.0.0.1. Default 4599; 0 lets the system choose.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 4599;

    /// <summary>Where it keeps its state, relative to the repository. Default <c>.localcloud</c>.</summary>
    [MinLength(1)]
    public string StateDirectory { get; init; } = ".localcloud";

    /// <summary>1 is AWS's pace, 0.01 a hundred times faster, 0 as fast as it goes. 0 to 1; default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double TimeScale { get; init; } = 0.01;
}

/// <summary>Where resources are placed and who may connect.</summary>
public sealed record NetworkSettings
{
    /// <summary>The VPC; null for the default VPC.</summary>
    [RegularExpression("vpc-[0-9a-f]+", ErrorMessage = "a VPC's id like vpc-0a1b2c3d")]
    public string? VpcId { get; init; }

    /// <summary>The subnets, at least two zones; empty for one a zone of the VPC.</summary>
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    /// <summary>Who may reach the load balancer. Default everybody.</summary>
    public IReadOnlyList<string> ClientCidrs { get; init; } = ["0.0.0.0/0"];

    /// <summary>Who may reach webheads by SSH. Default nobody.</summary>
    public IReadOnlyList<string> SshCidrs { get; init; } = [];
}

/// <summary>What the roles of webheads and admin instances are made with, where <see cref="WebheadSettings"/> names no instance profiles.</summary>
public sealed record IamSettings
{
    /// <summary>The ARN of a policy beyond which no role that is made can go; null for none.</summary>
    [RegularExpression("arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+", ErrorMessage = "a policy's ARN like arn:aws:iam::123456789012:policy/boundary")]
    public string? PermissionsBoundary { get; init; }
}

/// <summary>The classic load balancer in front of the fleet.</summary>
public sealed record LoadBalancerSettings
{
    /// <summary>The port that clients use: of HTTPS if <see cref="Https"/> is there, of plain HTTP if not. Default 80.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 80;

    /// <summary>HTTPS; null for plain HTTP.</summary>
    public HttpsSettings? Https { get; init; }

    /// <summary>The health check.</summary>
    public HealthCheckSettings HealthCheck { get; init; } = new();

    /// <summary>How long requests in flight may take after deregistration, 1 to 3600 s. Default 300.</summary>
    [Range(1, 3600)]
    public int DrainSeconds { get; init; } = 300;

    /// <summary>When an idle connection is closed, 1 to 4000 s. Default 60; the webheads keep theirs longer.</summary>
    [Range(1, 4000)]
    public int IdleSeconds { get; init; } = 60;
}

/// <summary>HTTPS at the load balancer, and on to the webheads if it is asked for.</summary>
public sealed record HttpsSettings
{
    /// <summary>The ARN of the certificate, in ACM (in the same region) or IAM; null on LocalCloud, for one that is made for the virtual hostnames.</summary>
    [RegularExpression("arn:aws[a-z-]*:(acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+|iam::[0-9]{12}:server-certificate/[!-~]+)", ErrorMessage = "the ARN of a certificate in ACM or IAM")]
    public string? CertificateArn { get; init; }

    /// <summary>Which of AWS's predefined policies says what protocols and ciphers a client may use. Default <c>ELBSecurityPolicy-TLS-1-2-2017-01</c>.</summary>
    [RegularExpression("ELBSecurityPolicy-[A-Za-z0-9-]+", ErrorMessage = "the name of one of AWS's policies, like ELBSecurityPolicy-TLS-1-2-2017-01")]
    public string Policy { get; init; } = "ELBSecurityPolicy-TLS-1-2-2017-01";

    /// <summary><c>redirect</c>: who comes by plain HTTP is sent to HTTPS; <c>refuse</c>: nothing listens there. Default redirect.</summary>
    [AllowedValues("redirect", "refuse")]
    public string PlainHttp { get; init; } = "redirect";

    /// <summary>The port of plain HTTP, for the redirect. Default 80.</summary>
    [Range(1, 65535)]
    public int PlainPort { get; init; } = 80;

    /// <summary>
    /// Whether the load balancer speaks HTTPS to the webheads, too, each with a certificate that it makes at its start. Default false: inside of the VPC it is plain HTTP.
    /// </summary>
    public bool ToWebheads { get; init; }
}

/// <summary>How the load balancer probes <c>/__heartbeat__</c>.</summary>
public sealed record HealthCheckSettings
{
    /// <summary>5 to 300. Default 10.</summary>
    [Range(5, 300)]
    public int IntervalSeconds { get; init; } = 10;

    /// <summary>2 to 60, below the interval. Default 5.</summary>
    [Range(2, 60)]
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>2 to 10. Default 3.</summary>
    [Range(2, 10)]
    public int HealthyThreshold { get; init; } = 3;

    /// <summary>2 to 10. Default 3.</summary>
    [Range(2, 10)]
    public int UnhealthyThreshold { get; init; } = 3;
}

/// <summary>The fleet of webheads.</summary>
public sealed record WebheadSettings
{
    /// <summary>Desired capacity, 1 to 100. Default 3.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 3;

    /// <summary>Default <c>t3.small</c>.</summary>
    public string InstanceType { get; init; } = "t3.small";

    /// <summary>The port that a webhead listens on. Default 80 (the unit gives the right to bind it).</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 80;

    /// <summary>The instance profile of serving webheads, which is used as it is; null to have <c>&lt;cluster&gt;-webhead</c> made.</summary>
    public string? InstanceProfile { get; init; }

    /// <summary>The instance profile of the one-off admin instance, which is used as it is; null to have <c>&lt;cluster&gt;-admin</c> made.</summary>
    public string? AdminInstanceProfile { get; init; }

    /// <summary>How much payload a user may store, in MiB; null for any amount. Running webheads take it over.</summary>
    [Range(1, 1_048_576)]
    public int? QuotaMiB { get; init; }
}

/// <summary>How images are baked.</summary>
public sealed record ImageSettings
{
    /// <summary><c>x86_64</c> or <c>arm64</c>. Default x86_64.</summary>
    [AllowedValues("x86_64", "arm64")]
    public string Architecture { get; init; } = "x86_64";

    /// <summary>The base image's id, or <c>resolve:ssm:</c> and a parameter's name. Default the current Amazon Linux 2023 of the architecture.</summary>
    [RegularExpression("ami-[0-9a-f]+|resolve:ssm:/.+", ErrorMessage = "an image's id, or resolve:ssm: and a parameter's name")]
    public string? BaseImage { get; init; }

    /// <summary>The builder's instance type. Default <c>t3.small</c>.</summary>
    public string InstanceType { get; init; } = "t3.small";

    /// <summary>Releases whose images are kept for a rollback, 1 to 20. Default 3.</summary>
    [Range(1, 20)]
    public int Retain { get; init; } = 3;
}

/// <summary>The webhead as a container image.</summary>
public sealed record ContainerSettings
{
    /// <summary>The image's name; its tag is the release. Default <c>syncstorage-webhead</c>.</summary>
    [RegularExpression("[a-z0-9]+([._:/-]+[a-z0-9]+)*", ErrorMessage = "an image's name without a tag, like registry.example.com/syncstorage-webhead"), StringLength(200)]
    public string Repository { get; init; } = "syncstorage-webhead";

    /// <summary>What it is built on: an image with the C library, OpenSSL and certificates. Default .NET's smallest, without a shell.</summary>
    [RegularExpression("[a-z0-9][A-Za-z0-9._:/@-]*", ErrorMessage = "an image like mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled"), StringLength(300)]
    public string BaseImage { get; init; } = "mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled";

    /// <summary>What builds it: <c>docker</c>, <c>podman</c>, or the path of one of them; null for docker if it answers, podman otherwise.</summary>
    [MinLength(1)]
    public string? Tool { get; init; }
}

/// <summary>One MySQL host.</summary>
public sealed record DatabaseNodeSettings
{
    /// <summary>The node's name, e.g. <c>db1</c>: <c>[a-z][a-z0-9]{0,15}</c>. The instance is <c>&lt;cluster&gt;-&lt;name&gt;</c>.</summary>
    [RegularExpression("[a-z][a-z0-9]{0,15}", ErrorMessage = "lower-case letters and digits, a letter first, at most 16")]
    public required string Name { get; init; }

    /// <summary>The virtual hostnames that it carries, at least one.</summary>
    [MinLength(1)]
    public required IReadOnlyList<VirtualHostSettings> Hosts { get; init; }

    /// <summary>What it runs on: <c>rds</c>, or <c>ec2</c> for MariaDB on an instance of the cluster's own, with a volume that outlives it. It never changes once there are users. Default <c>rds</c>.</summary>
    [AllowedValues("rds", "ec2")]
    public string Backend { get; init; } = "rds";

    /// <summary>On EC2 the instance type of the same name, without <c>db.</c> in front. Default <c>db.t3.small</c>.</summary>
    public string InstanceClass { get; init; } = "db.t3.small";

    /// <summary>20 to 65536. Default 100.</summary>
    [Range(20, 65536)]
    public int StorageGiB { get; init; } = 100;

    /// <summary>A MySQL version or its prefix; on EC2 it is what the image has. Default <c>8.4</c>.</summary>
    [RegularExpression("[0-9]+(\\.[0-9]+){0,2}", ErrorMessage = "a version like 8.4")]
    public string EngineVersion { get; init; } = "8.4";

    /// <summary>Days of automatic backups, 1 to 35. Default 7.</summary>
    [Range(1, 35)]
    public int BackupDays { get; init; } = 7;

    /// <summary>A standby in a second zone; none on EC2. Default false.</summary>
    public bool MultiAz { get; init; }

    /// <summary>Whether users may be assigned to its virtual hostnames; false before it is taken away. Those that it has stay. Default true.</summary>
    public bool Assign { get; init; } = true;

    /// <summary>Whether users may be assigned to one of its virtual hostnames.</summary>
    public bool TakesUsers(VirtualHostSettings host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Assign && host.Assign;
    }
}

/// <summary>A DNS name that a client is assigned, with one database on one dbnode.</summary>
public sealed record VirtualHostSettings
{
    /// <summary>E.g. <c>sync0.example.com</c>; unique in the cluster.</summary>
    [RegularExpression("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", ErrorMessage = "a DNS name in lower case"), StringLength(253)]
    public required string Hostname { get; init; }

    /// <summary>E.g. <c>syncstorage0</c>; unique on the dbnode. It never changes once there are users.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,63}", ErrorMessage = "lower-case letters, digits and underscores, a letter first, at most 64")]
    public required string Database { get; init; }

    /// <summary>Whether users may be assigned to it; false before it is taken away. Those that it has stay. Default true.</summary>
    public bool Assign { get; init; } = true;
}

/// <summary>The memcached cluster.</summary>
public sealed record CacheSettings
{
    /// <summary>Default <c>cache.t3.small</c>.</summary>
    public string NodeType { get; init; } = "cache.t3.small";

    /// <summary>1 to 40. Default 1.</summary>
    [Range(1, 40)]
    public int Nodes { get; init; } = 1;

    /// <summary>A memcached version; later patches of it are no drift. Default <c>1.6.22</c>.</summary>
    [RegularExpression("[0-9]+(\\.[0-9]+){0,2}", ErrorMessage = "a version like 8.4")]
    public string EngineVersion { get; init; } = "1.6.22";

    /// <summary>The largest item, at least 4 MiB. Default 4 MiB.</summary>
    [Range(4 * 1024 * 1024, 128 * 1024 * 1024)]
    public int MaxItemBytes { get; init; } = 4 * 1024 * 1024;
}

/// <summary>When a dbnode counts as full, for <c>Plan-Capacity</c>. Nothing else looks at it.</summary>
public sealed record CapacitySettings
{
    /// <summary>The share of its storage that a dbnode may use, 0.1 to 0.95. Default 0.7.</summary>
    [Range(0.1, 0.95)]
    public double StorageShare { get; init; } = 0.7;

    /// <summary>How many users a dbnode may have, at least 1. Default 50000.</summary>
    [Range(1, int.MaxValue)]
    public int UsersPerNode { get; init; } = 50_000;

    /// <summary>How many statements a second a dbnode may have to do, at least 1. Default 1000.</summary>
    [Range(1.0, 1e6)]
    public double StatementsPerSecond { get; init; } = 1000;

    /// <summary>How many days before something runs out the next dbnode is due, 0 to 365. Default 30.</summary>
    [Range(0, 365)]
    public int LeadDays { get; init; } = 30;
}

/// <summary>How a new release replaces the old.</summary>
public sealed record RolloutSettings
{
    /// <summary><c>rolling</c>: batch by batch; <c>canary</c>: one webhead first, watched for <see cref="CanarySoakSeconds"/>, then batch by batch. Default rolling.</summary>
    [AllowedValues("rolling", "canary")]
    public string Strategy { get; init; } = "rolling";

    /// <summary>How long the first webhead is watched where the strategy is canary, in seconds. Default 300.</summary>
    [Range(0.0, 86400.0)]
    public double CanarySoakSeconds { get; init; } = 300;

    /// <summary>Webheads replaced together, at least 1. Default 1.</summary>
    [Range(1, 100)]
    public int BatchSize { get; init; } = 1;

    /// <summary>How many webheads more than the desired capacity may serve at once; null for <see cref="BatchSize"/>. With 0 old ones leave before new ones join.</summary>
    [Range(0, 100)]
    public int? Surge { get; init; }

    /// <summary>In-service webheads below which no step may go; null for the desired capacity.</summary>
    [Range(0, 100)]
    public int? MinHealthy { get; init; }

    /// <summary>Whether replaced webheads are kept, out of the load balancer, until the smoke test has passed; if not, they are terminated once drained. Default true.</summary>
    public bool KeepOldUntilEnd { get; init; } = true;

    /// <summary>Consecutive good heartbeats that open the gate. Default 3.</summary>
    [Range(1, 100)]
    public int GateSuccesses { get; init; } = 3;

    /// <summary>Consecutive bad heartbeats that close the gate before its deadline, once <see cref="GraceSeconds"/> have passed. Default 3.</summary>
    [Range(1, 100)]
    public int GateFailures { get; init; } = 3;

    /// <summary>How long a new webhead may take to start before a bad heartbeat counts, in seconds. Default 120.</summary>
    [Range(0.0, 86400.0)]
    public double GraceSeconds { get; init; } = 120;

    /// <summary>How long a batch is watched before the next, in seconds. Default 60.</summary>
    [Range(0.0, 86400.0)]
    public double BakeSeconds { get; init; } = 60;

    /// <summary>The deadline for running instances to pass the gate, in seconds. Default 300.</summary>
    [Range(1.0, 86400.0)]
    public double GateTimeoutSeconds { get; init; } = 300;

    /// <summary>The deadline to be serving after registration, in seconds. Default 300.</summary>
    [Range(1.0, 86400.0)]
    public double InServiceTimeoutSeconds { get; init; } = 300;
}

/// <summary>How deployments keep out of each other's way.</summary>
public sealed record DeploymentSettings
{
    /// <summary>How long the deploy lock outlives a holder that died, 2 to 3600 s. Default 60.</summary>
    [Range(2.0, 3600.0)]
    public double LockLeaseSeconds { get; init; } = 60;

    /// <summary>The deadline of one attempt of a call to AWS, 5 to 600 s: who takes an expired lock over waits for this, too. Default 60.</summary>
    [Range(5.0, 600.0)]
    public double AttemptSeconds { get; init; } = 60;
}

/// <summary>How secrets are rotated.</summary>
public sealed record RotationSettings
{
    /// <summary>The longest lifetime of a token, 1 to 604800 s: for as long an old secret is accepted once a new one signs. Default 3600.</summary>
    [Range(1.0, 604800.0)]
    public double LongestTokenSeconds { get; init; } = 3600;
}

/// <summary>How often and how long to wait for AWS. Rollout steps have their own deadlines.</summary>
public sealed record WaitSettings
{
    /// <summary>The first interval between polls, in seconds; it grows to <see cref="MaxPollSeconds"/>. Default 3.</summary>
    [Range(0.01, 300.0)]
    public double PollSeconds { get; init; } = 3;

    /// <summary>The longest interval between polls, in seconds. Default 15.</summary>
    [Range(0.01, 300.0)]
    public double MaxPollSeconds { get; init; } = 15;

    /// <summary>The deadline for instances, in seconds. Default 600.</summary>
    [Range(1.0, 86400.0)]
    public double InstanceSeconds { get; init; } = 600;

    /// <summary>The deadline for an image, in seconds. Default 1800.</summary>
    [Range(1.0, 86400.0)]
    public double ImageSeconds { get; init; } = 1800;

    /// <summary>The deadline for databases and cache, in seconds. Default 3600.</summary>
    [Range(1.0, 86400.0)]
    public double DataStoreSeconds { get; init; } = 3600;

    /// <summary>The deadline for a command on an instance, in seconds. Default 120.</summary>
    [Range(1.0, 86400.0)]
    public double CommandSeconds { get; init; } = 120;
}
