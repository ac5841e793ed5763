namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>What goes wrong on purpose.</summary>
internal interface IInstanceFaults
{
    /// <summary>Whether a launch in this zone fails with a capacity error.</summary>
    bool LacksCapacity(string zone, string instanceType);

    /// <summary>What happens to an instance when it boots.</summary>
    BootFault OnBoot(string instanceId, IReadOnlyDictionary<string, string> tags);
}

internal enum BootFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It runs, as AWS sees it, but nothing in it ever starts.</summary>
    NeverBoots,

    /// <summary>It boots, and then its machine breaks.</summary>
    BootsAndDies,
}
