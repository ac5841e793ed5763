namespace SyncStorage.LocalCloud.Control;

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
    /// <param name="service">The model's name.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="instance">The instance that calls; null for a deployment.</param>
    public FaultRule? Take(string service, string operation, string? instance = null)
    {
        lock (gate)
        {
            if (instance is null) Wake(service, operation);
            return Take(rule => rule.HitsCalls && rule.Names(service, operation) && rule.Hits(instance));
        }
    }

    /// <summary>The first rule that is meant, which is used up once more; null if there is none, or it passes this one over.</summary>
    public FaultRule? Take(Predicate<FaultRule> isMeant)
    {
        lock (gate)
        {
            var index = rules.FindIndex(rule => !rule.Sleeps && isMeant(rule));
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

    /// <summary>A rule of this kind that stands, and is about this operation; null if none.</summary>
    public FaultRule? Standing(FaultKind kind, string service, string operation)
    {
        lock (gate) return rules.Find(rule => !rule.Sleeps && rule.Kind == kind && rule.Names(service, operation));
    }

    /// <summary>A call that rules wait for has come: the last that one waits for wakes it, and is the first that it may hit.</summary>
    private void Wake(string service, string operation)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (!rule.WaitsFor(service, operation)) continue;
            rules[i] = rule.FromCall > 1 ? rule with { FromCall = rule.FromCall - 1 } : rule with { From = null };
        }
    }
}
