using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Serving;

/// <summary>A webhead that is spoken to by TLS and plainly, on one port.</summary>
[TestFixture]
internal sealed class TlsTests : ClusterTests
{
    private static readonly Dictionary<string, string> On = new() { ["SYNCSTORAGE_TLS"] = "on" };

    [Test]
    public async Task Port_OfAWebheadWithTls_TakesBoth()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, variables: On);
        await webhead.UntilAsync("ok");

        using var certificate = await HandshakeAsync(webhead);
        using var client = new SyncStorageClient(
            new SyncStorageClientOptions
            {
                Origin = new Uri("http://sync0.localhost:8080"),
                ConnectTo = new Uri($"https://{webhead.Address}:{webhead.Port}"),
                TakesAnyCertificate = true,
                Secret = new TokenSecret("newer0"),
                Uid = SmokeTest.RandomUid(),
            }, TimeProvider.System);
        var written = await client.PutAsync("/storage/c/tls", """{"payload":"encrypted"}""", CancellationToken.None);
        using var plain = Cluster.NewUser(uid: client.Uid, through: webhead);
        var read = await plain.GetAsync("/storage/c/tls", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)written.Status, Is.EqualTo(200), written.Body);
            Assert.That(read.Body, Does.Contain("encrypted"));
            Assert.That(certificate.Subject, Is.EqualTo("CN=syncstorage"));
            Assert.That(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses(), Is.EqualTo(new[] { webhead.Address }));
        }
    }

    [Test]
    public async Task Certificate_OfEachStart_IsAnother()
    {
        await using var one = new WebheadProcess(Cluster.Aws, adminOnly: true, variables: On);
        await using var other = new WebheadProcess(Cluster.Aws, adminOnly: true, variables: On);

        using var first = await HandshakeAsync(one);
        using var second = await HandshakeAsync(other);

        Assert.That(first.GetPublicKeyString(), Is.Not.EqualTo(second.GetPublicKeyString()));
    }

    [Test]
    public async Task AdminCommands_OfAWebheadWithTls_SpeakItToo()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, variables: On);
        await webhead.UntilAsync("ok");

        foreach (var command in new[] { "check", "reload", "smoke" })
        {
            var (code, answer) = await webhead.AdminAsync(command);
            Assert.That(code, Is.Zero, $"{command}: {answer.ToJsonString()}");
        }
    }

    [Test]
    public async Task Handshake_OfAWebheadWithoutTls_IsRefused()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, adminOnly: true);
        await Loopback.UntilAsync(async () => await webhead.HeartbeatAsync() is not null, "the webhead answers");

        Assert.That(() => TryHandshakeAsync(webhead, SslProtocols.None), Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task Handshake_ByAnOldProtocol_IsRefused()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, adminOnly: true, variables: On);
        using var certificate = await HandshakeAsync(webhead);

#pragma warning disable SYSLIB0039, CA5397 // That it is refused is the point.
        Assert.That(() => TryHandshakeAsync(webhead, SslProtocols.Tls11), Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
#pragma warning restore SYSLIB0039, CA5397
    }

    [Test]
    public async Task Terminate_ConnectionsThatHaveSaidNothingYet_DontKeepIt()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, adminOnly: true, variables: On);
        using var certificate = await HandshakeAsync(webhead);
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(webhead.Address, webhead.Port);
        using var gone = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await gone.ConnectAsync(webhead.Address, webhead.Port);
        gone.Close();

        var started = TimeProvider.System.GetTimestamp();
        await webhead.Process.TerminateAsync();

        Assert.That(await webhead.Process.WaitAsync(), Is.Zero);
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(8)), "the service gives requests ten seconds; these are none");
    }

    private static async Task<X509Certificate2> HandshakeAsync(WebheadProcess webhead)
    {
        X509Certificate2? shown = null;
        await Loopback.UntilAsync(async () => (shown = await TryOnceAsync(webhead)) is not null, "the webhead shakes hands");
        return shown!;
    }

    private static async Task<X509Certificate2?> TryOnceAsync(WebheadProcess webhead)
    {
        try
        {
            return await TryHandshakeAsync(webhead, SslProtocols.None);
        }
        catch (SocketException)
        {
            // It is still starting.
            return null;
        }
    }

    private static async Task<X509Certificate2> TryHandshakeAsync(WebheadProcess webhead, SslProtocols protocols)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(webhead.Address, webhead.Port);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "webhead",
            EnabledSslProtocols = protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /__lbheartbeat__ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("HTTP/1.1 200 OK"));
        return X509CertificateLoader.LoadCertificate(stream.RemoteCertificate!.GetRawCertData());
    }
}
