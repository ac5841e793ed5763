using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Faults;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>What a machine must know again after LocalCloud's restart.</summary>
internal sealed class MachineMemory
{
    /// <summary>The process that runs user data, if it does.</summary>
    public ProcessHandle? UserData { get; set; }

    /// <summary>The main processes of units, by unit.</summary>
    public Dictionary<string, ProcessHandle> Units { get; set; } = [];

    /// <summary>Whether the enabled units were started.</summary>
    public bool Booted { get; set; }

    /// <summary>What is wrong with it on purpose.</summary>
    public BootFaultKind Fault { get; set; }
}
