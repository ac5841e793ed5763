
namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>The faults on demand that hit instances rather than calls.</summary>
internal sealed class InstanceFaults(FaultInjector faults) : IInstanceFaults
{
    /// <inheritdoc/>
    public bool LacksCapacity(string zone, string instanceType) =>
        faults.Take(rule => rule.Kind == FaultKind.NoCapacity && (rule.Zone is null || rule.Zone == zone)) is not null;

    /// <inheritdoc/>
    public BootFault OnBoot(string instanceId, IReadOnlyDictionary<string, string> tags)
    {
        if (faults.Take(rule => KindOf(rule.Kind) is not BootFaultKind.None && Hits(rule, tags)) is not { } rule) return BootFault.None;
        return new BootFault(KindOf(rule.Kind), TimeSpan.FromMilliseconds(rule.DelayMilliseconds));
    }

    private static BootFaultKind KindOf(FaultKind kind) => kind switch
    {
        FaultKind.NeverBoots => BootFaultKind.NeverBoots,
        FaultKind.DiesAfterBoot => BootFaultKind.Dies,
        FaultKind.HangsAfterBoot => BootFaultKind.Hangs,
        FaultKind.FailsProbes => BootFaultKind.FailsProbes,
        FaultKind.NeverInService => BootFaultKind.NeverInService,
        FaultKind.DiesInService => BootFaultKind.DiesInService,
        FaultKind.DiskFull => BootFaultKind.DiskFull,
        _ => BootFaultKind.None,
    };

    private static bool Hits(FaultRule rule, IReadOnlyDictionary<string, string> tags) =>
        rule.Tag is null || (rule.Tag.Split('=', 2) is [var key, var value] && tags.TryGetValue(key, out var has) && has == value);
}
