using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The life of a cluster whose dbnode is on EC2; see <see cref="InstanceNodes"/>.</summary>
[Category(Categories.EndToEnd)]
public sealed class InstanceNodeTests
{
    [Test]
    public async Task RestoreDb_InstanceDiedThenDataWasDeleted_BringsBackWhatWasThere()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await InstanceNodes.DeployAsync(cluster);
        using var nodes = new InstanceNodes(cluster);
        await nodes.OutliveTheirInstanceAsync();
        await nodes.GoBackInTimeAsync();
    }
}
