using SyncStorage.LocalCloud.Services.Ec2.Machines;

namespace SyncStorage.LocalCloud.Services.Ec2;

/// <summary>What Systems Manager asks EC2 about its instances.</summary>
internal interface IInstanceQueries
{
    /// <summary>The running instances.</summary>
    IReadOnlyList<MetadataFacts> Running();

    /// <summary>One instance in any state, or null if it is not known.</summary>
    MetadataFacts? Facts(string instanceId);
}
