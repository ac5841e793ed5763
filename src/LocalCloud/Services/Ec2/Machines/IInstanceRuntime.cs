using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>
/// The machines behind the instances. Calls return at once, and may come while EC2's state is locked; what takes time
/// is reported to the <see cref="IMachineOwner"/>.
/// </summary>
internal interface IInstanceRuntime
{
    /// <summary>Makes an instance's root directory from its image's.</summary>
    void CreateRoot(string instanceId, string imageId);

    /// <summary>Switches on.</summary>
    void Boot(InstanceRecord instance);

    /// <summary>After LocalCloud's restart: takes living processes over, or boots again.</summary>
    void Resume(InstanceRecord instance);

    /// <summary>Switches off; <see cref="IMachineOwner.ProcessesEnded"/> follows, also if nothing ran.</summary>
    void Stop(string instanceId);

    /// <summary>Off and on again.</summary>
    void Reboot(InstanceRecord instance);

    /// <summary>A terminated instance: its root directory, address and credentials go, its console output stays.</summary>
    void Discard(string instanceId);

    /// <summary>What remained of a terminated instance goes too.</summary>
    void Forget(string instanceId);

    /// <summary>The console output so far, at most the last 64 KB.</summary>
    string ConsoleOutput(string instanceId);

    /// <summary>Copies an instance's root directory as an image's.</summary>
    void CaptureImage(string instanceId, string imageId);

    /// <summary>Removes an image's directory.</summary>
    void DeleteImage(string imageId);
}

/// <summary>EC2, as its machines see it.</summary>
internal interface IMachineOwner
{
    /// <summary>A machine that was told to stop has no process left.</summary>
    void ProcessesEnded(string instanceId);

    /// <summary>A machine was switched off from within.</summary>
    void PoweredOff(string instanceId);

    /// <summary>The machine wants to be rebooted from within.</summary>
    void RebootRequested(string instanceId);

    /// <summary>The machine broke.</summary>
    void Failed(string instanceId, string reason);

    /// <summary>What the metadata endpoint tells, or null if there is no such instance.</summary>
    MetadataFacts? Facts(string instanceId);
}

/// <summary>An instance as its metadata endpoint describes it.</summary>
internal sealed record MetadataFacts(InstanceRecord Instance, IReadOnlyList<string> GroupNames, IReadOnlyDictionary<string, string> Tags, string? PublicKey = null);
