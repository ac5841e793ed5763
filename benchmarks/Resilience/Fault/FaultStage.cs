namespace SyncStorage.Resilience.Fault;

/// <summary>Where a fault hits: a stage of a first deployment, or a way of changing a fleet that serves.</summary>
/// <param name="Name">The target, or the way.</param>
/// <param name="Services">Whose calls fail; empty for a stage that makes none.</param>
internal sealed record FaultStage(string Name, params string[] Services)
{
    /// <summary>The call with which the faults of calls begin, as LocalCloud's rules name it; null: with the run.</summary>
    public string? From { get; init; }

    /// <summary>At how many of those calls.</summary>
    public int FromCall { get; init; } = 1;

    /// <summary>The tag of the instances that it launches; null if it launches none.</summary>
    public string? Launches { get; init; }

    /// <summary>Whether it waits for those to boot; else what becomes of them is a later stage's business.</summary>
    public bool AwaitsBoots { get; init; } = true;

    /// <summary>Whether it registers webheads with the load balancer.</summary>
    public bool Registers { get; init; }

    /// <summary>The call at which a database fails over, the databases being in use; null if it does not use them.</summary>
    public (string Service, string Operation, int Skip)? UsesDatabases { get; init; }

    /// <summary>The call at which memcached vanishes; null if it does not use it.</summary>
    public (string Service, string Operation, int Skip)? UsesCache { get; init; }

    private static readonly (string, string, int) Command = ("ssm", "SendCommand", 0);

    /// <summary>The stages of a first deployment, in their order.</summary>
    public static IReadOnlyList<FaultStage> First { get; } =
    [
        new("Build-Webhead"),
        new("Ensure-Bucket", "s3"),
        new("Ensure-Roles", "iam"),
        new("Ensure-Security-Groups", "ec2"),
        new("Request-Data-Stores", "rds", "elasticache", "ssm"),
        new("Bake-AMI", "ec2", "ssm") { Launches = "Role=builder" },
        new("Ensure-Load-Balancer", "elb"),
        new("Request-Webheads", "ec2") { Launches = "Role=webhead", AwaitsBoots = false },
        new("Ensure-DB", "rds", "ec2", "ssm") { Launches = "Role=admin", UsesDatabases = Command },
        new("Ensure-Cache", "elasticache"),
        new("Publish-Config", "ssm", "s3"),
        new("Rolling-Deploy", "ec2", "elb", "ssm") { Launches = "Role=webhead", Registers = true, UsesDatabases = Command, UsesCache = Command },
        new("Smoke-Test", "elb", "ssm", "ec2") { UsesDatabases = Command, UsesCache = Command },
    ];

    /// <summary>An update of a fleet that serves, from its first launch on.</summary>
    public static FaultStage Update { get; } = Rolling("update");

    /// <summary>An earlier release comes back.</summary>
    public static FaultStage Rollback { get; } = Rolling("rollback");

    /// <summary>A webhead that died is replaced.</summary>
    public static FaultStage Heal { get; } = Rolling("heal");

    /// <summary>
    /// An update whose second batch never comes into service is undone: the third registration is that of the old webhead, which comes back.
    /// </summary>
    public static FaultStage Undo { get; } = new("undo", "ec2", "elb", "ssm")
    {
        From = "elb:RegisterInstancesWithLoadBalancer",
        FromCall = 3,
        UsesDatabases = ("elb", "RegisterInstancesWithLoadBalancer", 2),
        UsesCache = ("elb", "RegisterInstancesWithLoadBalancer", 2),
    };

    /// <summary>No deployment at all: the fleet serves, and somebody looks at it.</summary>
    public static FaultStage Rest { get; } = new("at rest")
    {
        UsesDatabases = ("rds", "DescribeDBInstances", 0),
        UsesCache = ("elasticache", "DescribeCacheClusters", 0),
    };

    /// <summary>What a fleet that serves goes through.</summary>
    public static IReadOnlyList<FaultStage> OfFleets { get; } = [Rest, Update, Undo, Rollback, Heal];

    private static FaultStage Rolling(string name) => new(name, "ec2", "elb", "ssm")
    {
        From = "ec2:RunInstances",
        Launches = "Role=webhead",
        Registers = true,
        UsesDatabases = Command,
        UsesCache = Command,
    };
}
