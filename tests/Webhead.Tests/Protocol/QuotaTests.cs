using System.Net;
using System.Text.Json;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What a user may have (section 6), on a cluster of its own, since the configuration says it.</summary>
[TestFixture]
[Category(Categories.Processes)]
internal sealed class QuotaTests
{
    private const string Collection = "/storage/c";
    private const int Quota = 1024 * 1024 + 100 * 1024;
    private TestCluster cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        cluster = await TestCluster.StartAsync();
        cluster.Publish(quotaBytes: Quota);
        await cluster.Webhead.AdminAsync("reload");
    }

    [OneTimeTearDown]
    public async Task EndAsync() => await cluster.DisposeAsync();

    [Test]
    public async Task Quota_Used_IsTold()
    {
        using var user = cluster.NewUser();
        await user.PutAsync(Collection + "/i", Payload(500));

        var quota = await user.GetAsync("/info/quota");

        Assert.That(quota.Body, Is.EqualTo("[0.48828125,1124.0]"));
    }

    [Test]
    public async Task Quota_LessThanAMegabyteLeft_IsToldOnWrites()
    {
        using var user = cluster.NewUser();

        var plenty = await user.PutAsync(Collection + "/a", Payload(50 * 1024));
        await user.PutAsync(Collection + "/b", Payload(50 * 1024));
        var put = await user.PutAsync(Collection + "/c", Payload(1024));
        var post = await user.PostAsync(Collection, $"[{Payload(512, "\"id\":\"d\",")}]");
        var staged = await user.PostAsync(Collection + "?batch=true", "[]");
        var read = await user.GetAsync(Collection);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plenty.Header("X-Weave-Quota-Remaining"), Is.Null);
            Assert.That(put.Header("X-Weave-Quota-Remaining"), Is.EqualTo("1023.00"));
            Assert.That(post.Header("X-Weave-Quota-Remaining"), Is.EqualTo("1022.50"));
            Assert.That(staged.Header("X-Weave-Quota-Remaining"), Is.EqualTo("1022.50"));
            Assert.That(read.Header("X-Weave-Quota-Remaining"), Is.Null);
        }
    }

    [Test]
    public async Task Quota_Full_RefusesWhatBringsMoreAndAllowsDeletion()
    {
        using var user = cluster.NewUser();
        for (var number = 0; number < 19; number++) await user.PutAsync($"{Collection}/{number}", Payload(57 * 1024));

        var put = await user.PutAsync(Collection + "/over", Payload(57 * 1024));
        var post = await user.PostAsync(Collection, $"[{Payload(57 * 1024, "\"id\":\"over\",")}]");
        var batch = await user.PostAsync(Collection + "?batch=true", $"[{Payload(57 * 1024, "\"id\":\"over\",")}]");
        var fits = await user.PutAsync(Collection + "/little", Payload(1024));
        var delete = await user.DeleteAsync(Collection + "?ids=1,2");
        var again = await user.PutAsync(Collection + "/over", Payload(57 * 1024));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(put.Answer(), Is.EqualTo((HttpStatusCode.Forbidden, "14")));
            Assert.That(post.Answer(), Is.EqualTo((HttpStatusCode.Forbidden, "14")));
            Assert.That(batch.Answer(), Is.EqualTo((HttpStatusCode.Forbidden, "14")));
            Assert.That(fits.Header("X-Weave-Quota-Remaining"), Is.EqualTo("40.00"));
            Assert.That((delete.Status, again.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        }
    }

    private static string Payload(int bytes, string fields = "") => $$"""{{{fields}}"payload":{{JsonSerializer.Serialize(new string('x', bytes))}}}""";
}
