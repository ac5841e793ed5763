using Amazon.SecurityToken.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Core;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Services.Sts;

[Category(Categories.Emulator)]
internal sealed class StsServiceTests
{
    [Test]
    public async Task GetCallerIdentity_Operator_IsTheAccountsUser()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();

        var identity = await cloud.Sts().GetCallerIdentityAsync(new GetCallerIdentityRequest());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(identity.Account, Is.EqualTo("000000000000"));
            Assert.That(identity.Arn, Is.EqualTo("arn:aws:iam::000000000000:user/local"));
        }
    }

    [Test]
    public async Task GetCallerIdentity_InstanceCredentials_IsTheAssumedRole()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        await cloud.MakeProfileAsync("sync2-webhead");
        var issued = cloud.Services.GetRequiredService<ICredentialStore>().IssueFor("i-0123", "sync2-webhead");
        using var client = new Amazon.SecurityToken.AmazonSecurityTokenServiceClient(
            issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, cloud.Configure(new Amazon.SecurityToken.AmazonSecurityTokenServiceConfig()));

        var identity = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest());

        Assert.That(identity.Arn, Is.EqualTo("arn:aws:sts::000000000000:assumed-role/sync2-webhead/i-0123"));
    }
}
