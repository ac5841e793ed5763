using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class NetworkCheckTests
{
    private static readonly ClusterNetwork Network = new("vpc-1", [new ZoneSubnet("eu-west-1a", "subnet-a"), new ZoneSubnet("eu-west-1b", "subnet-b")]);

    [TestCase("0.0.0.0/0")]
    [TestCase("192.0.2.0/24", "0.0.0.0/0")]
    public void Notices_EverybodyMayConnect_None(params string[] cidrs) => Assert.That(NetworkCheck.Notices(OnAws(cidrs), Network), Is.Empty);

    [Test]
    public void Notices_OnLocalCloud_NoneOfClients() =>
        Assert.That(NetworkCheck.Notices(OnAws("127.0.0.0/8") with { LocalCloud = new LocalCloudSettings() }, Network), Is.Empty);

    [Test]
    public void Notices_OnlySomeMayConnect_SaysThatTheSmokeTestMust()
    {
        var notice = NetworkCheck.Notices(OnAws("192.0.2.0/24"), Network).Single();

        Assert.That(notice, Does.Contain("network.clientCidrs").And.Contain("machine that deploys").And.Contain("smoke test fails").And.Not.Contain("token server"));
    }

    [Test]
    public void Notices_OnlySomeMayConnectAndATokenServer_SaysThatItMust()
    {
        var settings = OnAws("192.0.2.0/24") with { TokenServer = new TokenServerSettings { Hostname = "token.example.com" } };

        Assert.That(NetworkCheck.Notices(settings, Network).Single(), Does.Contain("machine that deploys").And.Contain("token servers reach").And.Contain("NAT gateways"));
    }

    [Test]
    public void Notices_SubnetWithoutPublicAddresses_IsNamed() =>
        Assert.That(NetworkCheck.Notices(OnAws("0.0.0.0/0"), Network with { WithoutPublicAddress = ["subnet-b"] }).Single(), Does.StartWith("network: subnet-b give instances no public address"));

    private static EnvironmentSettings OnAws(params string[] cidrs) => TestSettings.Local with { Network = new NetworkSettings { ClientCidrs = cidrs } };
}
