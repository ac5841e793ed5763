using Amazon.Runtime;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Instances;

public sealed class InstanceLauncherTests
{
    [Test]
    public async Task LaunchAsync_FreshProfile_IsRepeatedUntilEc2KnowsIt()
    {
        using var world = new RolloutWorld(TestSettings.Local);
        world.Cloud.UnknownProfileFor = 4;

        var launched = await LaunchAsync(world, "sync2-webhead");

        Assert.That(launched, Has.Count.EqualTo(1));
        Assert.That(world.Progress.Lines, Has.Some.Contains("instance profile sync2-webhead to be known to EC2"));
    }

    [Test]
    public async Task LaunchAsync_UnknownProfileOfTheSettings_IsAnErrorAtOnce()
    {
        using var world = new RolloutWorld(TestSettings.Local);
        world.Cloud.UnknownProfileFor = 1;

        var error = await Assert.CatchAsync<AmazonServiceException>(() => LaunchAsync(world, "theirs"));

        Assert.That(error!.ErrorCode, Is.EqualTo("InvalidParameterValue"));
    }

    private static async Task<List<string>> LaunchAsync(RolloutWorld world, string profile)
    {
        var launched = new List<string>();
        var request = new LaunchRequest("step", "webhead", "ami-1", "t3.small", "sg-1", profile, "", new Dictionary<string, string> { ["Release"] = "new" });
        await world.Launcher.LaunchAsync(request, new Dictionary<ZoneSubnet, int> { [new ZoneSubnet("eu-west-1a", "subnet-1")] = 1 }, launched, CancellationToken.None);
        return launched;
    }
}
