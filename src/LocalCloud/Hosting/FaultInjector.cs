namespace SyncStorage.LocalCloud.Hosting;

/// <summary>What a fault does to a call.</summary>
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

    /// <summary>No call: a zone has no capacity for new instances.</summary>
    NoCapacity,

    /// <summary>No call: an instance runs, as AWS sees it, but nothing in it ever starts.</summary>
    NeverBoots,

    /// <summary>No call: an instance boots, and then its machine breaks.</summary>
    DiesAfterBoot,
}

/// <summary>One rule of faults.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Service">The model's name, or <c>*</c>.</param>
/// <param name="Operation">The operation's name, or <c>*</c>.</param>
/// <param name="Count">To how many calls; null for all.</param>
/// <param name="Skip">How many matching calls pass unharmed first.</param>
/// <param name="Code">The error's code, for <see cref="FaultKind.Error"/>.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Message">Its message.</param>
/// <param name="DelayMilliseconds">How long, for <see cref="FaultKind.Delay"/>.</param>
/// <param name="Zone">Which zone, for <see cref="FaultKind.NoCapacity"/>; null is any.</param>
/// <param name="Tag">Which instances, for the faults of booting, as <c>key=value</c>; null is any.</param>
internal sealed record FaultRule(
    FaultKind Kind, string Service = "*", string Operation = "*", int? Count = 1, int Skip = 0, string Code = "InternalFailure", int Status = 500,
    string Message = "A fault on demand.", int DelayMilliseconds = 1000,
    string? Zone = null, string? Tag = null)
{
    public bool Matches(string service, string operation) =>
        Kind is not (FaultKind.NoCapacity or FaultKind.NeverBoots or FaultKind.DiesAfterBoot)
        && (Service == "*" || Service == service) && (Operation == "*" || Operation == operation);
}

/// <summary>Decides which calls and instances meet a fault. Rules apply in the order in which they came.</summary>
internal sealed class FaultInjector
{
    private readonly Lock gate = new();
    private readonly List<FaultRule> rules = [];

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (gate) return [.. rules];
        }
    }

    public void Add(IEnumerable<FaultRule> added)
    {
        lock (gate) rules.AddRange(added);
    }

    public void Clear()
    {
        lock (gate) rules.Clear();
    }

    /// <summary>The fault that this call meets, which is used up by it; null if none.</summary>
    public FaultRule? Take(string service, string operation) => Take(rule => rule.Matches(service, operation));

    /// <summary>The first rule that is meant, which is used up once more; null if there is none, or it passes this one over.</summary>
    public FaultRule? Take(Predicate<FaultRule> isMeant)
    {
        lock (gate)
        {
            var index = rules.FindIndex(isMeant);
            if (index < 0) return null;
            var rule = rules[index];
            if (rule.Skip > 0)
            {
                rules[index] = rule with { Skip = rule.Skip - 1 };
                return null;
            }

            if (rule.Count is { } count)
            {
                if (count <= 1) rules.RemoveAt(index);
                else rules[index] = rule with { Count = count - 1 };
            }

            return rule;
        }
    }

    /// <summary>How the service of a protocol throttles.</summary>
    public static AwsException Throttling(string protocol) => protocol switch
    {
        "ec2" => new("RequestLimitExceeded", "Request limit exceeded.", 503),
        "json" => new("ThrottlingException", "Rate exceeded"),
        "rest-xml" => new("SlowDown", "Please reduce your request rate.", 503),
        _ => new("Throttling", "Rate exceeded"),
    };
}
