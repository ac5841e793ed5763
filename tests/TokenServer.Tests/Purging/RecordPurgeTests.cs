using Microsoft.Extensions.Time.Testing;
using SyncStorage.TokenServer.Purging;

namespace SyncStorage.TokenServer.Tests.Purging;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecordPurgeTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryRecords records = new();
    private readonly MemoryData data = new();

    [Test]
    public async Task Run_OldRecord_GoesAfterItsData()
    {
        records.Add(1, "https://n1", Ago(TimeSpan.FromDays(2)));
        records.Add(2, "https://n1", Ago(TimeSpan.FromHours(23)));
        var result = await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo(new PurgeResult(1, 0, null)));
            Assert.That(records.Uids, Is.EqualTo([2]));
            Assert.That(data.Deleted, Is.EqualTo([("https://n1", 1L)]));
        }
    }

    [Test]
    public async Task Run_RecordWithoutNode_JustGoes()
    {
        records.Add(1, null, Ago(TimeSpan.FromDays(2)));
        await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Uids, Is.Empty);
            Assert.That(data.Deleted, Is.Empty);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Run_NodeDown_IsLeftAloneUnlessForced(bool force)
    {
        records.Add(1, "https://down", Ago(TimeSpan.FromDays(2)), downed: true);
        await RunAsync(force);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Uids, force ? Is.Empty : Is.EqualTo([1]));
            Assert.That(data.Deleted, Is.Empty, "the data is gone with the node");
        }
    }

    [Test]
    public async Task Run_NodeRefuses_RecordIsPutOffAndOthersGo()
    {
        data.Refusing.Add("https://bad");
        records.Add(1, "https://bad", Ago(TimeSpan.FromDays(9)));
        records.Add(2, "https://n1", Ago(TimeSpan.FromDays(2)));
        var result = await RunAsync();
        var putOff = records.Uids.ToList();
        var again = await RunAsync();
        data.Refusing.Clear();
        time.Advance(TimeSpan.FromHours(1.1));
        var later = await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo(new PurgeResult(1, 1, "refused")));
            Assert.That(putOff, Is.EqualTo([1]));
            Assert.That(again, Is.EqualTo(new PurgeResult(0, 0, null)), "it waits for an hour");
            Assert.That(later, Is.EqualTo(new PurgeResult(1, 0, null)));
        }
    }

    [Test]
    public async Task Run_More_StopsAtTheMost()
    {
        for (var uid = 1; uid <= 250; uid++) records.Add(uid, "https://n1", Ago(TimeSpan.FromDays(2)));
        var result = await new RecordPurge(records, data, time).RunAsync(Grace, force: false, most: 130, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Purged, Is.EqualTo(130));
            Assert.That(records.Uids, Has.Count.EqualTo(120));
        }
    }

    private Task<PurgeResult> RunAsync(bool force = false) => new RecordPurge(records, data, time).RunAsync(Grace, force, 1000, CancellationToken.None);

    private long Ago(TimeSpan age) => (time.GetUtcNow() - age).ToUnixTimeMilliseconds();

    private sealed class MemoryRecords : IOldRecords
    {
        private readonly Dictionary<long, (OldRecord Record, long ReplacedAt)> records = [];

        public IReadOnlyList<long> Uids => [.. records.Keys.Order()];

        public void Add(long uid, string? node, long replacedAt, bool downed = false) => records[uid] = (new OldRecord(uid, node, downed), replacedAt);

        public Task<IReadOnlyList<OldRecord>> FindAsync(long before, bool withDowned, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OldRecord>>([.. records.Values.Where(entry => entry.ReplacedAt < before && (withDowned || !entry.Record.Downed))
                .OrderBy(entry => entry.ReplacedAt).Take(most).Select(entry => entry.Record)]);

        public Task DeleteAsync(long uid, CancellationToken cancellationToken)
        {
            records.Remove(uid);
            return Task.CompletedTask;
        }

        public Task PutOffAsync(long uid, long replacedAt, CancellationToken cancellationToken)
        {
            records[uid] = (records[uid].Record, replacedAt);
            return Task.CompletedTask;
        }
    }

    private sealed class MemoryData : INodeData
    {
        public List<(string Node, long Uid)> Deleted { get; } = [];

        public HashSet<string> Refusing { get; } = [];

        public Task<string?> DeleteAsync(string node, long uid, CancellationToken cancellationToken)
        {
            if (Refusing.Contains(node)) return Task.FromResult<string?>("refused");
            Deleted.Add((node, uid));
            return Task.FromResult<string?>(null);
        }
    }
}
