using SyncStorage.Pipeline.Capacity;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Capacity;

public sealed class CapacityHistoryTests
{
    private static readonly DateTimeOffset Today = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryBucket bucket = new(TimeProvider.System);

    [TearDown]
    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task Add_Twice_ReadsBackWhatItWrote()
    {
        var history = new CapacityHistory(bucket.Objects);
        await history.AddAsync(Sample(Today.AddDays(-1), 7), CancellationToken.None);

        var samples = await new CapacityHistory(bucket.Objects).AddAsync(Sample(Today, 8), CancellationToken.None);

        Assert.That(samples.Samples.Select(sample => (sample.At, sample.Nodes["db0"].Users)), Is.EqualTo([(Today.AddDays(-1), 7L), (Today, 8L)]));
    }

    [Test]
    public async Task Add_WhatIsThereCanNotBeRead_BeginsAnew()
    {
        bucket.Put(CapacityHistory.Key, "{");

        var samples = await new CapacityHistory(bucket.Objects).AddAsync(Sample(Today, 8), CancellationToken.None);

        Assert.That(samples.Samples, Has.Count.EqualTo(1));
    }

    private static CapacitySample Sample(DateTimeOffset at, long users) =>
        new(at, new Dictionary<string, NodeUsage> { ["db0"] = new(users, About: true, 1, 2, 3, 4, 5) });
}
