using System.Globalization;
using System.Net;
using System.Text;
using MySqlConnector;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What can be seen, or brought about, only with a look into the database.</summary>
[TestFixture]
internal sealed class DatabaseCollectionTests : ClusterTests
{
    private const string Collection = "/storage/c";
    private const string Item = "/storage/c/i";

    [Test]
    public async Task Commit_Ttl_CountsFromTheCommit()
    {
        using var user = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true", """[{"id":"a","payload":"p","ttl":0},{"id":"b","payload":"p","ttl":5}]""")).Batch();

        var committed = await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");

        var ttl = await Cluster.Databases[0].QueryAsync($"SELECT ttl FROM s_0.bso WHERE userid = {user.Uid} AND id = 'b'");
        Assert.That(ttl, Is.EqualTo(committed.LastModified!.Value.Milliseconds + 5000));
        Assert.That((await user.GetAsync(Collection)).Ids(), Is.EqualTo((string[])["b"]));
    }

    [Test]
    public async Task Post_BatchTooOld_IsRefused()
    {
        using var user = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items("a"))).Batch();
        var number = long.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(batch)), CultureInfo.InvariantCulture);
        var (young, old) = (number - 7_190_000, number - 7_200_100);
        await Cluster.Databases[0].QueryAsync($"UPDATE s_0.batch_uploads SET batch = {old} WHERE userid = {user.Uid}");

        var refused = await user.PostAsync($"{Collection}?batch={old}&commit=true", "[]");
        await Cluster.Databases[0].QueryAsync($"UPDATE s_0.batch_uploads SET batch = {young} WHERE userid = {user.Uid}");
        var taken = await user.PostAsync($"{Collection}?batch={young}&commit=true", "[]");

        Assert.That((refused.Status, taken.Status), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.OK)), "two hours");
    }

    [Test]
    public async Task Commit_TenThousandItems_IsOneTransaction()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, """[{"id":"00-0000","payload":"old","sortindex":9}]""");
        var batch = (await user.PostAsync(Collection + "?batch=true", "[]")).Batch();
        for (var part = 0; part < 100; part++)
        {
            var items = string.Join(",", Enumerable.Range(0, 100).Select(number => $$"""{"id":"{{part:00}}-{{number:0000}}","payload":"{{part}}"}"""));
            await user.PostAsync($"{Collection}?batch={batch}", $"[{items}]");
        }

        var before = await user.GetAsync("/info/collection_counts");
        var committed = await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Body, Is.EqualTo("""{"c":1}"""));
            Assert.That(committed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await user.GetAsync("/info/collection_counts")).Body, Is.EqualTo("""{"c":10000}"""));
            Assert.That((await user.GetAsync($"{Collection}?older={committed.LastModified}")).Body, Is.EqualTo("[]"), "one time for all");
            Assert.That((await user.GetAsync(Collection + "/00-0000")).Body, Does.Contain("\"payload\":\"0\",\"sortindex\":9"));
            Assert.That(await Cluster.Databases[0].QueryAsync($"SELECT COUNT(*) FROM s_0.batch_upload_items WHERE userid = {user.Uid}"), Is.Zero);
        }
    }

    [Test]
    public async Task Ttl_IsToTheMillisecond_AndExpiredItemsAreAbsent()
    {
        using var user = Cluster.NewUser();
        var put = await user.PutAsync(Item, """{"payload":"old","sortindex":3,"ttl":1}""");
        var ttl = await Cluster.Databases[0].QueryAsync($"SELECT ttl FROM s_0.bso WHERE userid = {user.Uid}");
        await Cluster.Databases[0].QueryAsync($"UPDATE s_0.bso SET ttl = modified WHERE userid = {user.Uid}");

        var item = await user.GetAsync(Item);
        var list = await user.GetAsync(Collection + "?ids=i");
        var counts = await user.GetAsync("/info/collection_counts");
        var delete = await user.DeleteAsync(Item);
        var condition = await user.SendAsync("PUT", Item, """{"sortindex":5}""", headers: "X-If-Unmodified-Since: 0");
        var anew = await user.GetAsync(Item);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ttl, Is.EqualTo(put.LastModified!.Value.Milliseconds + 1000));
            Assert.That((item.Status, list.Body, counts.Body), Is.EqualTo((HttpStatusCode.NotFound, "[]", "{}")));
            Assert.That(delete.Answer(), Is.EqualTo((HttpStatusCode.NotFound, "0")));
            Assert.That(condition.Status, Is.EqualTo(HttpStatusCode.OK), "it is not there, so it was never modified");
            Assert.That(anew.Body, Is.EqualTo($$"""{"id":"i","modified":{{condition.Body}},"payload":"","sortindex":5}"""));
        }
    }

    [Test]
    public async Task Lock_HeldTooLong_IsAConflictToRetry()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Item, """{"payload":"before"}""");
        await using var blocker = new MySqlConnection(Cluster.Databases[0].ConnectionString());
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var hold = new MySqlCommand($"SELECT * FROM s_0.user_collections WHERE userid = {user.Uid} FOR UPDATE", blocker, transaction);
        await hold.ExecuteNonQueryAsync();

        var refused = await user.PutAsync(Item, """{"payload":"after"}""");
        await transaction.RollbackAsync();
        var item = await user.GetAsync(Item);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Answer(), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "0")));
            Assert.That(refused.RetryAfterSeconds, Is.EqualTo(10));
            Assert.That(refused.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(refused.Timestamp, Is.Not.Null);
            Assert.That(item.Body, Does.Contain("\"before\""));
        }
    }

    [Test]
    public async Task List_TimestampsOfManyDigits_AreExact()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/i", """{"payload":"p"}""");

        // A time that a double can't hold: as one, times a thousand, it would be 1795354212349.99…
        await Cluster.Databases[0].QueryAsync($"UPDATE s_0.bso SET modified = 1795354212350 WHERE userid = {user.Uid}");
        var newer = await user.GetAsync(Collection + "?newer=1795354212.35");
        var older = await user.GetAsync(Collection + "?older=1795354212.35");
        var item = await user.GetAsync(Collection + "/i");

        Assert.That((newer.Body, older.Body), Is.EqualTo(("[]", "[]")));
        Assert.That(item.LastModified.ToString(), Is.EqualTo("1795354212.35"));
    }

    [Test]
    public async Task List_LargerThanMemoryShouldHold_ComesWhole([Values("", "&limit=100000")] string limit)
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/seed", """{"payload":"p"}""");

        // 4,000 items of 4 kB: past the size from which an answer is sent as it comes, or cut to a page.
        await Cluster.Databases[0].QueryAsync(
            $"""
            INSERT INTO s_0.bso (userid, collection, id, modified, payload, payload_size)
            SELECT userid, collection, CONCAT('i', seq), modified, REPEAT('x', 4096), 4096 FROM s_0.bso JOIN s_0.seq_1_to_4000 WHERE userid = {user.Uid}
            """);
        var count = 0;
        string? offset = null;
        do
        {
            var page = await user.GetAsync($"{Collection}?full=1{limit}{(offset is null ? "" : $"&offset={offset}")}");
            var items = page.Json().AsArray().Count;
            Assert.That(page.Records, Is.EqualTo(items));
            Assert.That(page.LastModified, Is.Not.Null);
            count += items;
            offset = page.NextOffset;
            Assert.That(offset is not null, Is.EqualTo(limit != "" && count < 4001));
        }
        while (offset is not null);

        Assert.That(count, Is.EqualTo(4001));
    }
}
