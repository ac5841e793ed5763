namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>Where commands that are sent to instances run.</summary>
internal interface IInstanceShells
{
    /// <summary>An instance's, if its agent takes commands now, otherwise null.</summary>
    InstanceShell? ShellOf(string instanceId);
}

/// <param name="Paths">Its files.</param>
/// <param name="Environment">Of everything that runs in it.</param>
/// <param name="OnlineSince">When its agent began.</param>
internal sealed record InstanceShell(MachinePaths Paths, IReadOnlyDictionary<string, string> Environment, DateTimeOffset OnlineSince);
