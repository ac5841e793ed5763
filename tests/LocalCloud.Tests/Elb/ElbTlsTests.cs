using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>Listeners with TLS, by real handshakes.</summary>
[Category(Categories.Emulator)]
internal sealed class ElbTlsTests
{
    private const string First = "arn:aws:iam::000000000000:server-certificate/first";
    private const string Second = "arn:aws:iam::000000000000:server-certificate/second";

    [Test]
    public async Task Request_OverHttps_ReachesTheInstanceWithTheSchemeInItsHeaders()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.0.0.1");
        await CreateAsync(elb, backend.Port);
        await ServeAsync(elb, backend);

        var (status, certificate) = await GetAsync(elb);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(certificate, Is.EqualTo("CN=first"));
        Assert.That(backend.Heads.Last(), Does.Contain("X-Forwarded-Proto: https").And.Contain($"X-Forwarded-Port: {elb.Port}"));
    }

    [Test]
    public async Task Request_ToAnInstanceThatSpeaksTls_ReachesItAndSoDoProbes()
    {
        await using var elb = new ElbHarness();
        elb.Certificates.Add(First);
        await using var backend = await TlsBackend.StartAsync();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port, backend.Port)
            .Replace("\"HTTP\"", $"\"HTTPS\",\"InstanceProtocol\":\"HTTPS\",\"SSLCertificateId\":\"{First}\"", StringComparison.Ordinal));
        elb.Instances.Run("i-1", IPAddress.Loopback);
        await elb.Service.CallAsync("ConfigureHealthCheck", $$"""
            {"LoadBalancerName":"lb","HealthCheck":{"Target":"HTTPS:{{backend.Port}}/health","Interval":5,"Timeout":2,"UnhealthyThreshold":2,"HealthyThreshold":2}  }
            """);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");

        var (status, _) = await GetAsync(elb);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(backend.Requests, Does.Contain("https /health").And.Contain("https /"));
    }

    [Test]
    public async Task Certificate_Replaced_IsShownToNewConnectionsAtOnce()
    {
        await using var elb = new ElbHarness();
        await CreateAsync(elb, 8000);
        elb.Certificates.Add(Second);

        await elb.Service.CallAsync("SetLoadBalancerListenerSSLCertificate", $$"""{"LoadBalancerName":"lb","LoadBalancerPort":{{elb.Port}},"SSLCertificateId":"{{Second}}"}""");
        var (_, certificate) = await GetAsync(elb);
        var described = (await elb.Service.CallAsync("DescribeLoadBalancers", "{}"))["LoadBalancerDescriptions"]![0]!["ListenerDescriptions"]![0]!;

        Assert.That(certificate, Is.EqualTo("CN=second"));
        Assert.That((string)described["Listener"]!["SSLCertificateId"]!, Is.EqualTo(Second));
        Assert.That(elb.Certificates.InUse(Second), Is.True);
        Assert.That(elb.Certificates.InUse(First), Is.False);
    }

    [Test]
    public async Task Policy_OfTls12_RefusesOlderProtocols()
    {
        await using var elb = new ElbHarness();
        await CreateAsync(elb, 8000);

        await elb.Service.CallAsync("CreateLoadBalancerPolicy", Policy("tls", "ELBSecurityPolicy-TLS-1-2-2017-01"));
        await elb.Service.CallAsync("SetLoadBalancerPoliciesOfListener", $$"""{"LoadBalancerName":"lb","LoadBalancerPort":{{elb.Port}},"PolicyNames":["tls"]}""");
        var described = (await elb.Service.CallAsync("DescribeLoadBalancers", "{}"))["LoadBalancerDescriptions"]![0]!;
        var newest = await HandshakeAsync(elb, SslProtocols.Tls12 | SslProtocols.Tls13);

        Assert.That(newest, Is.EqualTo(SslProtocols.Tls12), "a classic load balancer has no TLS 1.3");
#pragma warning disable SYSLIB0039, CA5397 // That it is refused is the point.
        Assert.That(() => HandshakeAsync(elb, SslProtocols.Tls11), Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
#pragma warning restore SYSLIB0039, CA5397
        Assert.That((string)described["ListenerDescriptions"]![0]!["PolicyNames"]![0]!, Is.EqualTo("tls"));
        Assert.That(described["Policies"]!["OtherPolicies"]!.AsArray().Select(name => (string)name!), Is.EqualTo((string[])["ELBSecurityPolicy-2016-08", "tls"]));
        Assert.That(await elb.Service.ErrorOfAsync("DeleteLoadBalancerPolicy", """{"LoadBalancerName":"lb","PolicyName":"tls"}"""), Is.EqualTo("InvalidConfigurationRequest"));
    }

    [Test]
    public async Task Restart_OfLocalCloud_KeepsCertificateAndPolicy()
    {
        await using var elb = new ElbHarness();
        await CreateAsync(elb, 8000);

        await elb.RestartAsync();

        Assert.That(await HandshakeAsync(elb, SslProtocols.Tls12), Is.EqualTo(SslProtocols.Tls12));
    }

    [Test]
    public async Task Certificate_Gone_FailsTheHandshake()
    {
        await using var elb = new ElbHarness();
        await CreateAsync(elb, 8000);

        elb.Certificates.Remove(First);

        Assert.That(() => HandshakeAsync(elb, SslProtocols.Tls12), Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
    }

    [TestCase("SetLoadBalancerListenerSSLCertificate", """{"LoadBalancerName":"lb","LoadBalancerPort":1,"SSLCertificateId":"x"}""", "ListenerNotFound")]
    [TestCase("SetLoadBalancerListenerSSLCertificate", """{"LoadBalancerName":"lb","LoadBalancerPort":PORT,"SSLCertificateId":"arn:aws:iam::0:server-certificate/no"}""", "CertificateNotFound")]
    [TestCase("SetLoadBalancerPoliciesOfListener", """{"LoadBalancerName":"lb","LoadBalancerPort":PORT,"PolicyNames":["no"]}""", "PolicyNotFound")]
    [TestCase("DescribeLoadBalancerPolicies", """{"LoadBalancerName":"lb","PolicyNames":["no"]}""", "PolicyNotFound")]
    [TestCase("CreateLoadBalancerPolicy", """{"LoadBalancerName":"lb","PolicyName":"p","PolicyTypeName":"NoType"}""", "PolicyTypeNotFound")]
    [TestCase("CreateLoadBalancerPolicy", """{"LoadBalancerName":"lb","PolicyName":"p","PolicyTypeName":"SSLNegotiationPolicyType"}""", "InvalidConfigurationRequest")]
    [TestCase("CreateLoadBalancerPolicy", """{"LoadBalancerName":"lb","PolicyName":"p","PolicyTypeName":"SSLNegotiationPolicyType","PolicyAttributes":[{"AttributeName":"Reference-Security-Policy","AttributeValue":"none"}]}""", "InvalidConfigurationRequest")]
    [TestCase("CreateLoadBalancerPolicy", """{"LoadBalancerName":"lb","PolicyName":"ELBSecurityPolicy-2016-08","PolicyTypeName":"SSLNegotiationPolicyType","PolicyAttributes":[{"AttributeName":"Reference-Security-Policy","AttributeValue":"ELBSecurityPolicy-2016-08"}]}""", "DuplicatePolicyName")]
    public async Task Call_WhatAwsRefuses_IsRefusedWithItsCode(string operation, string input, string code)
    {
        await using var elb = new ElbHarness();
        await CreateAsync(elb, 8000);

        Assert.That(await elb.Service.ErrorOfAsync(operation, input.Replace("PORT", $"{elb.Port}", StringComparison.Ordinal)), Is.EqualTo(code));
    }

    [Test]
    public async Task Policies_WithoutALoadBalancer_AreAwsOwn()
    {
        await using var elb = new ElbHarness();

        var all = (await elb.Service.CallAsync("DescribeLoadBalancerPolicies", "{}"))["PolicyDescriptions"]!.AsArray();

        Assert.That(all.Select(policy => (string)policy!["PolicyName"]!), Does.Contain("ELBSecurityPolicy-TLS-1-2-2017-01"));
    }

    private static async Task CreateAsync(ElbHarness elb, int instancePort)
    {
        elb.Certificates.Add(First);
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port, instancePort)
            .Replace("\"HTTP\"", $"\"HTTPS\",\"InstanceProtocol\":\"HTTP\",\"SSLCertificateId\":\"{First}\"", StringComparison.Ordinal));
    }

    private static async Task ServeAsync(ElbHarness elb, RawBackend backend)
    {
        elb.Instances.Run("i-1", IPAddress.Loopback);
        await elb.Service.CallAsync("ConfigureHealthCheck", $$"""
            {"LoadBalancerName":"lb","HealthCheck":{"Target":"TCP:{{backend.Port}}","Interval":5,"Timeout":2,"UnhealthyThreshold":2,"HealthyThreshold":2}  }
            """);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");
    }

    private static string Policy(string name, string reference) => $$"""
        {"LoadBalancerName":"lb","PolicyName":"{{name}}","PolicyTypeName":"SSLNegotiationPolicyType","PolicyAttributes":[{"AttributeName":"Reference-Security-Policy","AttributeValue":"{{reference}}"}]}
        """;

    private static async Task<(HttpStatusCode Status, string Certificate)> GetAsync(ElbHarness elb)
    {
        var shown = "";
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate!.Subject) is not null },
        };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri($"https://127.0.0.1:{elb.Port}/"));
        return (response.StatusCode, shown);
    }

    private static async Task<SslProtocols> HandshakeAsync(ElbHarness elb, SslProtocols protocols)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, elb.Port);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "sync.localhost",
            EnabledSslProtocols = protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: sync.localhost\r\nConnection: close\r\n\r\n"));
        return stream.SslProtocol;
    }
}
