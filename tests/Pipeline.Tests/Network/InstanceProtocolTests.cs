using Amazon.EC2.Model;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Dns;

namespace SyncStorage.Pipeline.Tests.Network;

public sealed class InstanceProtocolTests
{
    private static readonly EnvironmentSettings Encrypted = TestSettings.Local with { LoadBalancer = TestSettings.Local.LoadBalancer with { Https = new HttpsSettings { ToWebheads = true } } };

    private readonly FakeRoute53 cloud = new();

    [TestCase(false, "", "i-1:on", "HTTP", TestName = "not wanted")]
    [TestCase(true, "", "", "HTTPS", TestName = "nobody registered yet")]
    [TestCase(true, "i-1 i-2", "i-1:on i-2:on", "HTTPS", TestName = "all speak it")]
    [TestCase(true, "i-1 i-2", "i-1:on i-2", "HTTP", TestName = "one does not")]
    [TestCase(true, "i-1", "i-1:on i-2", "HTTPS", TestName = "one that does not is not registered")]
    [TestCase(true, "i-1 i-9", "i-1:on", "HTTPS", TestName = "one that is registered is gone")]
    public async Task PossibleAsync_ByWhatIsRegistered_IsWhatAllUnderstand(bool wanted, string registered, string instances, string expected)
    {
        cloud.Registered.AddRange(registered.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        cloud.Instances.AddRange(instances.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(':') is [var id, var tls]
            ? new Instance { InstanceId = id, Tags = [new Tag("Tls", tls)] }
            : new Instance { InstanceId = text }));
        var settings = wanted ? Encrypted : TestSettings.Local;

        var possible = await new InstanceProtocol(settings, new Observation(cloud, settings, TestSettings.Names)).PossibleAsync(CancellationToken.None);

        Assert.That(possible, Is.EqualTo(expected));
    }
}
