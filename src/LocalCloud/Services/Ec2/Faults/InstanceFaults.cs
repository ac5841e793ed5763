using SyncStorage.LocalCloud.Hosting;

namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>The faults on demand that hit instances rather than calls.</summary>
internal sealed class InstanceFaults(FaultInjector faults) : IInstanceFaults
{
    /// <inheritdoc/>
    public bool LacksCapacity(string zone, string instanceType) =>
        faults.Take(rule => rule.Kind == FaultKind.NoCapacity && (rule.Zone is null || rule.Zone == zone)) is not null;

    /// <inheritdoc/>
    public BootFault OnBoot(string instanceId, IReadOnlyDictionary<string, string> tags) =>
        faults.Take(rule => rule.Kind is FaultKind.NeverBoots or FaultKind.DiesAfterBoot && Hits(rule, tags))?.Kind switch
        {
            FaultKind.NeverBoots => BootFault.NeverBoots,
            FaultKind.DiesAfterBoot => BootFault.BootsAndDies,
            _ => BootFault.None,
        };

    private static bool Hits(FaultRule rule, IReadOnlyDictionary<string, string> tags) =>
        rule.Tag is null || (rule.Tag.Split('=', 2) is [var key, var value] && tags.TryGetValue(key, out var has) && has == value);
}
