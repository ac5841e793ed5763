using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Faults;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>What all machines share.</summary>
internal sealed record MachineServices(CloudContext Cloud, IProcessHost Processes, ICredentialStore Credentials, IInstanceFaults Faults, IMachineOwner Owner);
