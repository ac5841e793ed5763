using System.Net;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

[TestFixture]
internal sealed class InfoTests : ClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Info_AfterWrites_CountsLiveItemsAndBytes()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync("/storage/c", $$"""[{"id":"a","payload":"{{new string('x', 512)}}"},{"id":"b","payload":"gone","ttl":0}]""", None);

        var counts = await user.GetAsync("/info/collection_counts", None);
        var usage = await user.GetAsync("/info/collection_usage", None);
        var quota = await user.GetAsync("/info/quota", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Body, Is.EqualTo("""{"c":1}"""));
            Assert.That(usage.Body, Is.EqualTo("""{"c":0.5}"""));
            Assert.That(quota.Body, Is.EqualTo("[0.5,null]"));
        }
    }

    [Test]
    public async Task Info_Configuration_TellsTheLimits()
    {
        using var user = Cluster.NewUser();

        var response = await user.GetAsync("/info/configuration", None);

        Assert.That(response.Body, Is.EqualTo(
            """{"max_request_bytes":70000,"max_post_records":100,"max_post_bytes":60000,"max_total_records":1000,"max_total_bytes":600000,"max_record_payload_bytes":60000}"""));
        Assert.That(response.LastModified, Is.EqualTo(SyncTimestamp.Zero));
    }

    [Test]
    public async Task Info_CacheWasEmpty_IsFromTheDatabaseAndThenFromTheCache()
    {
        using var user = Cluster.NewUser();
        var written = (await user.PutAsync("/storage/c/i", "{}", None)).Body;
        var first = await user.GetAsync("/info/collections", None);

        // Behind the webhead's back: who still answers as before has not asked the database.
        await Cluster.Databases[0].QueryAsync($"DELETE FROM s_0.user_collections WHERE userid = {user.Uid}");
        var second = await user.GetAsync("/info/collections", None);

        Assert.That((first.Body, second.Body), Is.EqualTo(($$"""{"c":{{written}}}""", $$"""{"c":{{written}}}""")));
    }

    [Test]
    public async Task Info_Head_HasHeadersOnly()
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync(new SyncRequest(HttpMethod.Head, "/info/collections"), None);

        Assert.That((response.Status, response.Body), Is.EqualTo((HttpStatusCode.OK, "")));
        Assert.That(response.Timestamp, Is.Not.Null);
    }
}
