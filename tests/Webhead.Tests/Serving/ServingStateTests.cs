using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

[TestFixture]
internal sealed class ServingStateTests
{
    [TestCase("10.0.0.7", "sync0.example.com:443", "sync0.example.com")]
    [TestCase("::ffff:10.0.0.7", "sync0.example.com", "sync0.example.com")]
    [TestCase("10.0.0.7", "evil.example.com, sync0.example.com", "sync0.example.com")]
    [TestCase("10.0.0.7", "", "internal")]
    [TestCase("10.0.1.7", "sync0.example.com", "internal")]
    [TestCase(null, "sync0.example.com", "internal")]
    public async Task FindHost_ForwardedHost_CountsFromATrustedProxyOnly(string? from, string forwarded, string expected)
    {
        await using var factory = new ServingStateFactory(new WebheadMetrics(), new FakeTimeProvider());
        var state = await factory.MakeAsync(Document(1, "sync0.example.com", "internal"), Secrets);
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("internal");
        http.Request.Headers["X-Forwarded-Host"] = forwarded;
        http.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);

        var host = state.FindHost(http);

        Assert.That(host?.Origin.Host, Is.EqualTo(expected));
    }

    [Test]
    public async Task CloseRetired_RequestStillUsesIt_WaitsForItsEnd()
    {
        var time = new FakeTimeProvider();
        await using var factory = new ServingStateFactory(new WebheadMetrics(), time);
        var serving = new ServingStateHolder { Current = await factory.MakeAsync(Document(1, "sync0.example.com"), Secrets) };
        var lease = serving.Use();
        var gate = lease.State!.Gates[0];

        serving.Current = await factory.MakeAsync(Document(2), Secrets);
        time.Advance(TimeSpan.FromMinutes(5));
        await factory.CloseRetiredAsync();
        var whileUsed = Record(gate);
        lease.Dispose();
        await factory.CloseRetiredAsync();

        Assert.That((whileUsed, Record(gate)), Is.EqualTo((true, false)));

        static bool Record(NodeGate gate)
        {
            try
            {
                var entered = gate.TryEnterAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                gate.Leave();
                return entered;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }
    }

    [Test]
    public void Use_NothingConfigured_HasNoState()
    {
        using var lease = new ServingStateHolder().Use();

        Assert.That(lease.State, Is.Null);
    }

    private static readonly FrozenDictionary<string, string> Secrets =
        new Dictionary<string, string> { ["/app"] = "p", ["/secret"] = "1:s" }.ToFrozenDictionary();

    private static ConfigurationDocument Document(int version, params string[] hostnames) => new()
    {
        Format = 1,
        Version = version,
        TrustedProxies = ["10.0.0.0/24"],
        Nodes = hostnames.Length == 0 ? [] :
        [
            new DatabaseNode
            {
                Name = "db0",
                Address = "127.0.0.1",
                Port = 1,
                User = "c",
                PasswordParameter = "/app",
                Hosts = [.. hostnames.Select((name, index) => new HostEntry
                {
                    Hostname = name,
                    Origin = new Uri($"https://{name}"),
                    Database = $"s_{index}",
                    SecretParameter = "/secret",
                })],
            },
        ],
    };
}
