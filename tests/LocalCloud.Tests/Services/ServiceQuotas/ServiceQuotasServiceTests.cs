using Amazon.ServiceQuotas;
using Amazon.ServiceQuotas.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Services.ServiceQuotas;

[Category(Categories.Emulator)]
internal sealed class ServiceQuotasServiceTests
{
    [Test]
    public async Task GetServiceQuota_KnownOrNot_IsToldOrDoesNotExist()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var quotas = cloud.Own(new AmazonServiceQuotasClient(cloud.Credentials, cloud.Configure(new AmazonServiceQuotasConfig())));

        var cpus = (await quotas.GetServiceQuotaAsync(new GetServiceQuotaRequest { ServiceCode = "ec2", QuotaCode = "L-1216C47A" })).Quota;
        var unknown = await Assert.CatchAsync<AmazonServiceQuotasException>(() => quotas.GetServiceQuotaAsync(new GetServiceQuotaRequest { ServiceCode = "ec2", QuotaCode = "L-00000000" }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((cpus.QuotaName, cpus.Value, cpus.Adjustable, cpus.QuotaAppliedAtLevel), Is.EqualTo(("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1920.0, true, AppliedLevelEnum.ACCOUNT)));
            Assert.That((unknown!.ErrorCode, (int)unknown.StatusCode), Is.EqualTo(("NoSuchResourceException", 400)));
        }
    }
}
