using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Security;

[Category(Categories.Emulator)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AuthenticatorTests : IAsyncDisposable
{
    private const string WhoAmI = "Action=GetCallerIdentity&Version=2011-06-15";

    // The SDK signs with the machine's clock, so this one starts there.
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private LocalCloudFixture cloud = null!;

    [SetUp]
    public async Task StartAsync() => cloud = await LocalCloudFixture.StartAsync(time: time);

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
    }

    [Test]
    public async Task Request_SignedRightly_IsLetIn()
    {
        using var http = new SignedHttp(cloud);

        var (status, body) = await http.SendAsync("sts", WhoAmI);

        Assert.That((status, body.Contains("user/local", StringComparison.Ordinal)), Is.EqualTo((200, true)), body);
    }

    [TestCase(-14, 200)]
    [TestCase(14, 200)]
    [TestCase(-16, 403)]
    [TestCase(16, 403)]
    public async Task Request_ClockSkew_IsAtMostFifteenMinutes(int minutes, int expected)
    {
        using var http = new SignedHttp(cloud) { ClockOffset = TimeSpan.FromMinutes(minutes) };

        var (status, body) = await http.SendAsync("sts", WhoAmI);

        Assert.That(status, Is.EqualTo(expected), body);
    }

    [Test]
    public async Task Request_WrongSecret_HasEachProtocolsError()
    {
        using var http = new SignedHttp(cloud) { Secret = "wrong" };

        var query = await http.SendAsync("sts", WhoAmI);
        var ec2 = await http.SendAsync("ec2", "Action=DescribeRegions&Version=2016-11-15");
        var json = await http.SendAsync("ssm", "{}", headers: new Dictionary<string, string> { ["x-amz-target"] = "AmazonSSM.DescribeParameters" });
        var s3 = await http.SendAsync("s3", "", "/bucket", method: HttpMethod.Put);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((query.Status, query.Body.Contains("<Code>SignatureDoesNotMatch</Code>", StringComparison.Ordinal)), Is.EqualTo((403, true)), query.Body);
            Assert.That((ec2.Status, ec2.Body.Contains("<Code>AuthFailure</Code>", StringComparison.Ordinal)), Is.EqualTo((401, true)), ec2.Body);
            Assert.That((json.Status, json.Body.Contains("InvalidSignatureException", StringComparison.Ordinal)), Is.EqualTo((400, true)), json.Body);
            Assert.That((s3.Status, s3.Body.Contains("<Code>SignatureDoesNotMatch</Code>", StringComparison.Ordinal)), Is.EqualTo((403, true)), s3.Body);
        }
    }

    [Test]
    public async Task Request_UnknownKey_IsRefused()
    {
        using var http = new SignedHttp(cloud) { AccessKeyId = "AKIAAAAAAAAAAAAAAAAA" };

        var (status, body) = await http.SendAsync("sts", WhoAmI);

        Assert.That((status, body.Contains("InvalidClientTokenId", StringComparison.Ordinal)), Is.EqualTo((403, true)), body);
    }

    [Test]
    public async Task Request_BodyChangedAfterSigning_IsRefused()
    {
        using var http = new SignedHttp(cloud);

        var (status, body) = await http.SendAsync("sts", WhoAmI, sentBody: WhoAmI + "&X=1");

        Assert.That((status, body.Contains("SignatureDoesNotMatch", StringComparison.Ordinal)), Is.EqualTo((403, true)), body);
    }

    [Test]
    public async Task Request_AnotherServicesScope_IsRefused()
    {
        using var http = new SignedHttp(cloud);

        var (status, body) = await http.SendAsync("lambda", WhoAmI);

        Assert.That((status, body.Contains("correct service", StringComparison.Ordinal)), Is.EqualTo((403, true)), body);
    }

    [Test]
    public async Task Request_AmzHeaderAddedAfterSigning_IsRefused()
    {
        using var http = new SignedHttp(cloud);

        var (status, body) = await http.SendAsync("sts", WhoAmI, change: request => request.Headers.Add("x-amz-copy-source", "/bucket/key"));

        Assert.That((status, body.Contains("not signed", StringComparison.Ordinal)), Is.EqualTo((403, true)), body);
    }

    [TestCase("Origin", "http://evil.example")]
    [TestCase("Host", "evil.example")]
    public async Task Request_FromAWebPage_IsRefused(string header, string value)
    {
        using var http = new SignedHttp(cloud);

        var (status, _) = await http.SendAsync("sts", WhoAmI, change: request =>
        {
            if (header == "Host") request.Headers.Host = value;
            else request.Headers.Add(header, value);
        });

        Assert.That(status, Is.EqualTo(403));
    }

    [Test]
    public async Task S3_BodyOtherThanItsHash_IsNotStored()
    {
        await cloud.S3().PutBucketAsync(new PutBucketRequest { BucketName = "bucket" });
        using var http = new SignedHttp(cloud);
        var hash = SyncStorage.LocalCloud.Security.SigV4.HexHash("signed"u8);

        var (status, body) = await http.SendAsync("s3", "signed", "/bucket/key", sentBody: "forged", method: HttpMethod.Put, headers: new Dictionary<string, string> { ["x-amz-content-sha256"] = hash });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((status, body.Contains("XAmzContentSHA256Mismatch", StringComparison.Ordinal)), Is.EqualTo((400, true)), body);
            await Assert.ThrowsAsync<NoSuchKeyException>(() => cloud.S3().GetObjectAsync("bucket", "key"));
        }
    }

    [Test]
    public async Task InstanceCredentials_MayDoWhatTheirRoleSays()
    {
        const string Read = """{"Effect": "Allow", "Action": ["ssm:GetParameter", "ssm:GetParameters"], "Resource": "arn:aws:ssm:us-east-1:000000000000:parameter/sync2/""";
        await cloud.MakeProfileAsync("sync2-webhead", Read + "secrets/*\"}");
        await cloud.MakeProfileAsync("sync2-admin", Read + "*\"}");
        var operators = cloud.Ssm();
        foreach (var name in new[] { "/sync2/secrets/host", "/sync2/db/db0/master", "/sync2/master-secret" })
            await operators.PutParameterAsync(new PutParameterRequest { Name = name, Value = "x", Type = ParameterType.SecureString });
        using var webhead = Ssm("i-1", "sync2-webhead");
        using var admin = Ssm("i-2", "sync2-admin");

        await webhead.GetParameterAsync(new GetParameterRequest { Name = "/sync2/secrets/host" });
        await admin.GetParameterAsync(new GetParameterRequest { Name = "/sync2/db/db0/master" });

        using (Assert.EnterMultipleScope())
        {
            await RefusedAsync(() => webhead.GetParameterAsync(new GetParameterRequest { Name = "/sync2/db/db0/master" }));
            await RefusedAsync(() => webhead.GetParameterAsync(new GetParameterRequest { Name = "/sync2/master-secret:1" }));
            await RefusedAsync(() => webhead.GetParameterAsync(new GetParameterRequest { Name = "arn:aws:ssm:us-east-1:000000000000:parameter/sync2/master-secret" }));
            await RefusedAsync(() => webhead.GetParametersAsync(new GetParametersRequest { Names = ["/sync2/secrets/host", "/sync2/master-secret"] }));
            await RefusedAsync(() => webhead.GetParametersByPathAsync(new GetParametersByPathRequest { Path = "/sync2", Recursive = true }));
            await RefusedAsync(() => webhead.PutParameterAsync(new PutParameterRequest { Name = "/sync2/x", Value = "x", Type = ParameterType.String }));
            await RefusedAsync(() => admin.DeleteParameterAsync(new DeleteParameterRequest { Name = "/sync2/secrets/host" }));
        }

        static async Task RefusedAsync(Func<Task> call) =>
            Assert.That((await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(call))!.ErrorCode, Is.EqualTo("AccessDeniedException"));
    }

    [Test]
    public async Task InstanceCredentials_ExpiredRevokedOrWithoutToken_AreRefused()
    {
        var store = cloud.Services.GetRequiredService<ICredentialStore>();
        var issued = store.IssueFor("i-1", "sync2-webhead");
        using var good = Sts(issued, issued.SessionToken);
        using var wrongToken = Sts(issued, "other");
        await good.GetCallerIdentityAsync(new GetCallerIdentityRequest());

        var withoutToken = await Assert.CatchAsync<AmazonSecurityTokenServiceException>(() => wrongToken.GetCallerIdentityAsync(new GetCallerIdentityRequest()));
        using var later = new SignedHttp(cloud) { AccessKeyId = issued.AccessKeyId, Secret = issued.SecretAccessKey };
        time.Advance(TimeSpan.FromHours(7));
        var expired = await later.SendAsync("sts", WhoAmI, headers: new Dictionary<string, string> { ["x-amz-security-token"] = issued.SessionToken });
        store.Revoke("i-1");
        var revoked = await later.SendAsync("sts", WhoAmI, headers: new Dictionary<string, string> { ["x-amz-security-token"] = issued.SessionToken });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(withoutToken!.ErrorCode, Is.EqualTo("InvalidClientTokenId"));
            Assert.That(expired.Body, Does.Contain("<Code>ExpiredToken</Code>"));
            Assert.That(revoked.Body, Does.Contain("<Code>InvalidClientTokenId</Code>"));
        }
    }

    private AmazonSimpleSystemsManagementClient Ssm(string instance, string profile)
    {
        var issued = cloud.Services.GetRequiredService<ICredentialStore>().IssueFor(instance, profile);
        return new AmazonSimpleSystemsManagementClient(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, cloud.Configure(new AmazonSimpleSystemsManagementConfig()));
    }

    private AmazonSecurityTokenServiceClient Sts(InstanceCredentials issued, string token) =>
        new(issued.AccessKeyId, issued.SecretAccessKey, token, cloud.Configure(new AmazonSecurityTokenServiceConfig()));
}
