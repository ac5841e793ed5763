using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Remote;

public sealed class RemoteCommandsTests
{
    private static readonly string[] All = ["i-1", "i-2", "i-3"];

    private readonly FakeFleetCloud cloud = new();
    private RemoteCommands remote = null!;

    [SetUp]
    public void LaunchThree()
    {
        foreach (var id in All) cloud.Add(id, "release", registered: true);
        remote = new RemoteCommands(cloud, TestSettings.Local, new Waiter(new BudgetedTime(), new RecordingProgress()));
    }

    [TearDown]
    public void EndHangs() => cloud.Hung.Clear();

    [Test]
    public async Task RunReachable_OneHangs_TheOthersAnswer()
    {
        cloud.Hung.Add("i-2");

        var results = await remote.RunReachableAsync(All, "true", CancellationToken.None);

        Assert.That(results.Select(result => result.InstanceId), Is.EqualTo(["i-1", "i-3"]));
    }

    [Test]
    public void Run_OneHangs_TimesOutAndSaysHowManyAnswered()
    {
        cloud.Hung.Add("i-2");

        Assert.That(() => remote.RunAsync(All, "true", CancellationToken.None),
            Throws.InstanceOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.TimedOut).And.Property("LastSeen").EqualTo("2 of 3 have answered"));
    }
}
