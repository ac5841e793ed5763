namespace SyncStorage.LocalCloud.Control;

/// <summary>What goes wrong on purpose.</summary>
internal enum FaultKind
{
    /// <summary>The call fails with the rule's code, without being carried out.</summary>
    Error,

    /// <summary>The call waits, then is carried out.</summary>
    Delay,

    /// <summary>The call fails as AWS throttles.</summary>
    Throttle,

    /// <summary>The call never answers.</summary>
    Hang,

    /// <summary>The connection breaks before the call is carried out.</summary>
    DropBefore,

    /// <summary>The call is carried out, then the connection breaks before its answer.</summary>
    DropAfter,

    /// <summary>The caller's credentials have expired.</summary>
    ExpiredCredentials,

    /// <summary>Before the call is carried out, the rule's URL is asked; it goes on when that answers well, and the connection breaks if not.</summary>
    HookBefore,

    /// <summary>The call is carried out; before its answer the rule's URL is asked, and the connection breaks if that does not answer well.</summary>
    HookAfter,

    /// <summary>When the call comes, a database's server dies and is away for a while, as in a failover.</summary>
    DatabaseFailover,

    /// <summary>When the call comes, the nodes of a cache cluster die and are away for a while.</summary>
    CacheLoss,

    /// <summary>When the call comes, a database's storage is full: what it has can be read, and nothing be written, until it gets more.</summary>
    StorageFull,

    /// <summary>As long as the rule stands: calls are throttled by token buckets of AWS's sizes.</summary>
    TokenBuckets,

    /// <summary>As long as the rule stands: what was just made is not yet known to other calls.</summary>
    Stale,

    /// <summary>No call: a zone has no capacity for new instances.</summary>
    NoCapacity,

    /// <summary>No call: an instance runs, as AWS sees it, but nothing in it ever starts.</summary>
    NeverBoots,

    /// <summary>No call: an instance boots, and then its machine breaks.</summary>
    DiesAfterBoot,

    /// <summary>No call: an instance boots, serves for a while, and then its services hang.</summary>
    HangsAfterBoot,

    /// <summary>No call: an instance boots and is well, but no load balancer's probe reaches it.</summary>
    FailsProbes,

    /// <summary>No call: an instance boots and is well, and passes its probes, but the load balancer never gets round to taking it into service.</summary>
    NeverInService,

    /// <summary>No call: an instance is well until a load balancer has taken it into service; then its machine breaks.</summary>
    DiesInService,

    /// <summary>No call: in an instance no file can grow beyond a megabyte.</summary>
    DiskFull,
}

/// <summary>One rule of faults.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Service">The model's name, or <c>*</c>.</param>
/// <param name="Operation">The operation's name, or <c>*</c>.</param>
/// <param name="Mutating">Only calls that change something (true), or only those that look (false); null is any.</param>
/// <param name="Count">To how many calls; null for all.</param>
/// <param name="Skip">How many matching calls pass unharmed first.</param>
/// <param name="Code">The error's code, for <see cref="FaultKind.Error"/>; null is the service's own for a failure of its own.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Message">Its message.</param>
/// <param name="DelayMilliseconds">How long: a delay, an absence, how long a creation stays unknown, how long an instance serves before it hangs.</param>
/// <param name="Url">Whom a hook asks: a loopback URL.</param>
/// <param name="Resource">Which database or cache cluster, by identifier; null is every one.</param>
/// <param name="Speed">How many times faster than AWS's the token buckets fill.</param>
/// <param name="Zone">Which zone, for <see cref="FaultKind.NoCapacity"/>; null is any.</param>
/// <param name="Instance">Only calls of this instance; null is anybody's.</param>
/// <param name="Tag">Which instances, for the faults of booting, as <c>key=value</c>; null is any.</param>
/// <param name="From">The rule sleeps until a deployment makes this call: a service and an operation (or <c>*</c>), as <c>ec2:RunInstances</c>.</param>
/// <param name="FromCall">At how many of these it wakes.</param>
internal sealed record FaultRule(
    FaultKind Kind, string Service = "*", string Operation = "*", bool? Mutating = null, int? Count = 1, int Skip = 0,
    string? Code = null, int Status = 500, string Message = "A fault on demand.", int DelayMilliseconds = 1000,
    Uri? Url = null, string? Resource = null, double Speed = 1, string? Zone = null, string? Instance = null, string? Tag = null,
    string? From = null, int FromCall = 1)
{
    /// <summary>Whether it is about calls, and used up by them.</summary>
    public bool HitsCalls => Kind < FaultKind.TokenBuckets;

    /// <summary>Whether it is aimed at a deployment, and does not hit the instances that it made.</summary>
    public bool SparesInstances =>
        Kind is FaultKind.HookBefore or FaultKind.HookAfter or FaultKind.ExpiredCredentials or FaultKind.DatabaseFailover or FaultKind.CacheLoss or FaultKind.StorageFull;

    /// <summary>Whether the call that it waits for has not come yet.</summary>
    public bool Sleeps => From is not null;

    /// <summary>Whether it waits for this call.</summary>
    public bool WaitsFor(string service, string operation) => From == $"{service}:{operation}" || From == $"{service}:*";

    /// <summary>Whether it is about calls of this caller.</summary>
    /// <param name="instance">The instance that calls; null for a deployment.</param>
    public bool Hits(string? instance) => Instance is null ? instance is null || !SparesInstances : Instance == instance;

    /// <summary>Whether it is about this operation.</summary>
    public bool Names(string service, string operation) =>
        (Service == "*" || Service == service) && (Operation == "*" || Operation == operation)
        && (Mutating is null || Mutating == !IsReading(operation));

    /// <summary>Whether an operation only looks.</summary>
    public static bool IsReading(string operation) =>
        operation.StartsWith("Describe", StringComparison.Ordinal) || operation.StartsWith("Get", StringComparison.Ordinal)
        || operation.StartsWith("List", StringComparison.Ordinal) || operation.StartsWith("Head", StringComparison.Ordinal);

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem()
    {
        if (Kind is FaultKind.HookBefore or FaultKind.HookAfter && Url is not { IsAbsoluteUri: true, IsLoopback: true, Scheme: "http" })
            return "A hook needs \"url\", a loopback address like http://127.0.0.1:8123/.";
        if (DelayMilliseconds < 0 || Skip < 0 || Count < 1 || FromCall < 1) return "\"delayMilliseconds\" and \"skip\" are 0 or more, \"count\" (null: all) and \"fromCall\" 1 or more.";
        if (From is not null && From.Split(':') is not [{ Length: > 0 }, { Length: > 0 }]) return "\"from\" is like ec2:RunInstances or ec2:*.";
        if (!(Speed > 0)) return "\"speed\" is more than 0.";
        return Tag is not null && !Tag.Contains('=', StringComparison.Ordinal) ? "\"tag\" is like Role=webhead." : null;
    }
}
