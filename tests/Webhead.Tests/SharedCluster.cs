using SyncStorage.TestSupport;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests;

/// <summary>One cluster for the fixtures that leave it as they found it: started when the first asks, ended after the last.</summary>
[SetUpFixture]
internal sealed class SharedCluster
{
    private static readonly Lazy<Task<TestCluster>> Cluster = new(TestCluster.StartAsync);

    public static Task<TestCluster> GetAsync() => Cluster.Value;

    [OneTimeTearDown]
    public static async Task EndAsync()
    {
        if (Cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await Cluster.Value).DisposeAsync();
    }
}

/// <summary>A fixture that works on the shared cluster.</summary>
[Category(Categories.Processes)]
internal abstract class ClusterTests
{
    protected TestCluster Cluster { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task FindClusterAsync() => Cluster = await SharedCluster.GetAsync();
}

/// <summary>A fixture that disturbs its cluster, and so has one of its own.</summary>
[Category(Categories.Processes)]
internal abstract class OwnClusterTests
{
    protected TestCluster Cluster { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Cluster = await TestCluster.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (Cluster is not null) await Cluster.DisposeAsync();
    }
}
