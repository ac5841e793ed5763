using System.Collections.Concurrent;

namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>Faults as they were asked for; none by default.</summary>
internal sealed class InstanceFaults : IInstanceFaults
{
    private readonly ConcurrentDictionary<string, bool> zones = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly List<PlannedBootFault> boots = [];

    /// <inheritdoc/>
    public bool LacksCapacity(string zone, string instanceType) => zones.ContainsKey(zone);

    /// <inheritdoc/>
    public BootFault OnBoot(string instanceId, IReadOnlyDictionary<string, string> tags)
    {
        lock (gate)
        {
            var planned = boots.Find(fault => tags.TryGetValue(fault.TagKey, out var value) && value == fault.TagValue);
            if (planned is null) return BootFault.None;
            boots.Remove(planned);
            if (planned.Times > 1) boots.Add(planned with { Times = planned.Times - 1 });
            return planned.Fault;
        }
    }

    /// <summary>A zone has no capacity until it is given back.</summary>
    public void SetCapacity(string zone, bool available)
    {
        if (available) zones.TryRemove(zone, out _);
        else zones[zone] = true;
    }

    /// <summary>The next boots of instances with this tag go wrong.</summary>
    public void PlanBoot(PlannedBootFault planned)
    {
        lock (gate) boots.Add(planned);
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Clear()
    {
        zones.Clear();
        lock (gate) boots.Clear();
    }
}

/// <param name="TagKey">Of the instances it hits.</param>
/// <param name="TagValue">Of the instances it hits.</param>
/// <param name="Fault">What happens.</param>
/// <param name="Times">To how many boots.</param>
internal sealed record PlannedBootFault(string TagKey, string TagValue, BootFault Fault, int Times);
