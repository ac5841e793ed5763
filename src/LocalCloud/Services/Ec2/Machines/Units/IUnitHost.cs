using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>What a unit needs of the machine it runs on.</summary>
internal interface IUnitHost
{
    IProcessHost Processes { get; }

    TimeScale Scale { get; }

    TimeProvider Time { get; }

    MachinePaths Paths { get; }

    MachineConsole Console { get; }

    /// <summary>What every process of the machine has in its environment.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Reads a unit's file, or gives null if there is none.</summary>
    UnitFile? Load(string unitName);

    /// <summary>Remembers, for LocalCloud's restart, which process is a unit's; null if it has none any more.</summary>
    void Remember(string unitName, ProcessHandle? handle);
}
