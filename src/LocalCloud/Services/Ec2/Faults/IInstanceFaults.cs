namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>What goes wrong on purpose.</summary>
internal interface IInstanceFaults
{
    /// <summary>Whether a launch in this zone fails with a capacity error.</summary>
    bool LacksCapacity(string zone, string instanceType);

    /// <summary>What happens to an instance when it boots.</summary>
    BootFault OnBoot(string instanceId, IReadOnlyDictionary<string, string> tags);
}

internal enum BootFaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It runs, as AWS sees it, but nothing in it ever starts.</summary>
    NeverBoots,

    /// <summary>It boots, and then its machine breaks.</summary>
    Dies,

    /// <summary>It boots, and after a while its services hang.</summary>
    Hangs,

    /// <summary>It is well, but no load balancer's probe reaches it.</summary>
    FailsProbes,

    /// <summary>It is well, but the load balancer never takes it into service.</summary>
    NeverInService,

    /// <summary>It is well until a load balancer has taken it into service; then its machine breaks.</summary>
    DiesInService,

    /// <summary>No file in it can grow beyond a megabyte.</summary>
    DiskFull,
}

/// <summary>What happens to one instance.</summary>
/// <param name="Kind">What.</param>
/// <param name="After">How long after its boot, where that matters.</param>
internal readonly record struct BootFault(BootFaultKind Kind, TimeSpan After)
{
    public static readonly BootFault None = new(BootFaultKind.None, TimeSpan.Zero);
}
