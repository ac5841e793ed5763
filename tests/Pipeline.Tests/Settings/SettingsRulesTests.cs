using System.Text;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Settings;

public sealed class SettingsRulesTests
{
    private const string OnAws = """
        {
          "cluster": "sync2",
          "aws": { "accountId": "123456789012", "region": "eu-west-1" },
          "dbnodes": [
            { "name": "db0", "hosts": [ { "hostname": "a.example.com", "database": "a" }, { "hostname": "b.example.com", "database": "b" } ] },
            { "name": "db1", "hosts": [ { "hostname": "c.example.com", "database": "a" } ] }
          ]
        }
        """;

    [Test]
    public void Check_GoodSettings_NoError()
    {
        Assert.That(Errors(), Is.Empty);
    }

    [TestCase("example.org")]
    [TestCase("ple.com")]
    [TestCase("a.example.com", 2)]
    public void Check_HostnamesOutsideTheHostedZone_AreEachNamed(string zone, int outside = 3)
    {
        var errors = Errors($"dns.zone={zone}");

        Assert.That(errors.Select(error => error.Path), Is.EqualTo(new[] { "dbnodes[0].hosts[0].hostname", "dbnodes[0].hosts[1].hostname", "dbnodes[1].hosts[0].hostname" }.TakeLast(outside)));
        Assert.That(errors.Select(error => error.Message), Is.All.Contains($"must be in the hosted zone {zone}"));
    }

    [TestCase("hostname=a.example.com", "tokenServer.hostname", "is a virtual hostname")]
    [TestCase("hostname=Token", "tokenServer.hostname", "a DNS name in lower case")]
    [TestCase("dbnode=db7", "tokenServer.dbnode", "there is no dbnode \"db7\"; did you mean")]
    [TestCase("database=b", "tokenServer.database", "is the database of a virtual hostname on db0")]
    [TestCase("accounts.url=http://accounts.example.com", "tokenServer.accounts.url", "must be an https address on AWS")]
    [TestCase("accounts.url=https://accounts.example.com?a=b", "tokenServer.accounts.url", "without a query")]
    [TestCase("loadBalancer.https={}", "tokenServer.loadBalancer.https.certificateArn", "is required on AWS")]
    [TestCase("loadBalancer.https.certificateArn=arn:aws:acm:eu-west-2:123456789012:certificate/0a1b", "tokenServer.loadBalancer.https.certificateArn", "of the cluster's region eu-west-1")]
    [TestCase("loadBalancer.https.certificateArn=arn:aws:iam::210987654321:server-certificate/mine", "tokenServer.loadBalancer.https.certificateArn", "of the account 123456789012")]
    [TestCase("tokenSeconds=0", "tokenServer.tokenSeconds", "must be 1 to 3600")]
    [TestCase("instanceType=t4g.small", "tokenServer.instanceType", "arm64")]
    public void Check_TokenServerThatDoesNotFit_SaysWhereAndWhy(string set, string path, string message)
    {
        var errors = Errors("tokenServer.hostname=token.example.com", $"tokenServer.{set}");

        Assert.That(errors.Select(error => error.Path), Is.EqualTo([path]));
        Assert.That(errors[0].Message, Does.Contain(message));
    }

    [Test]
    public void Check_GoodTokenServer_NoError()
    {
        Assert.That(Errors("tokenServer.hostname=token.example.com", "tokenServer.dbnode=db1"), Is.Empty);
        Assert.That(Errors("tokenServer.hostname=token.example.com", "dns.zone=example.com"), Is.Empty);
        Assert.That(Errors("tokenServer.hostname=token.example.org", "dns.zone=example.com").Select(error => error.Path), Is.EqualTo(["tokenServer.hostname"]));
        Assert.That(Errors("tokenServer={}").Select(error => $"{error.Path} {error.Message}"), Is.EqualTo(["tokenServer.hostname is required"]));
    }

    [TestCase("dns.zone=example.com")]
    [TestCase("dns.zone=com")]
    [TestCase("dns.zone=Z0123456789ABCDEFGHIJ")]
    [TestCase("dns={\"zone\":\"example.com\",\"resolver\":\"[2620:fe::fe]:53\",\"resolveSeconds\":60}")]
    public void Check_GoodDns_NoError(string set)
    {
        Assert.That(Errors(set), Is.Empty);
    }

    [TestCase("webheads.count=0", "webheads.count", "must be 1 to 100, is 0")]
    [TestCase("webheads.count=101", "webheads.count", "must be 1 to 100, is 101")]
    [TestCase("rollout.surge=0", "rollout.surge", "0 needs a rollout.minHealthy below webheads.count (3)")]
    [TestCase("rollout.graceSeconds=-1", "rollout.graceSeconds", "0 to 86400")]
    [TestCase("loadBalancer.drainSeconds=3601", "loadBalancer.drainSeconds", "1 to 3600")]
    [TestCase("image.architecture=riscv", "image.architecture", "must be \"x86_64\" or \"arm64\", is \"riscv\"")]
    [TestCase("cache.maxItemBytes=1048576", "cache.maxItemBytes", "4194304")]
    [TestCase("dbnodes=[]", "dbnodes", "must have at least 1 element")]
    [TestCase("dbnodes[1].hosts=[]", "dbnodes[1].hosts", "must have at least 1 element")]
    [TestCase("dbnodes[1].backend=oracle", "dbnodes[1].backend", "must be \"rds\" or \"ec2\", is \"oracle\"")]
    [TestCase("dbnodes[1]={\"name\":\"db1\",\"backend\":\"ec2\",\"multiAz\":true,\"hosts\":[{\"hostname\":\"c.example.com\",\"database\":\"a\"}]}", "dbnodes[1].multiAz", "no standby")]
    [TestCase("dbnodes[1]={\"name\":\"db1\",\"backend\":\"ec2\",\"instanceClass\":\"db.t4g.small\",\"hosts\":[{\"hostname\":\"c.example.com\",\"database\":\"a\"}]}", "dbnodes[1].instanceClass", "t4g.small is arm64")]
    [TestCase("cluster=sync2-", "cluster", "single hyphens")]
    [TestCase("cluster=a--b", "cluster", "single hyphens")]
    [TestCase("cluster=a23456789012345678901", "cluster", "at most 20 characters, has 21")]
    [TestCase("cluster=", "cluster", "letter first")]
    [TestCase("aws.accountId=12345", "aws.accountId", "twelve digits")]
    [TestCase("aws.accountId=null", "aws.accountId", "is required on AWS")]
    [TestCase("aws.region=null", "aws.region", "is required on AWS")]
    [TestCase("aws.region=Frankfurt", "aws.region", "a region like eu-west-1")]
    [TestCase("aws.endpoint=ftp://example.com", "aws.endpoint", "http or https")]
    [TestCase("network.clientCidrs[0]=10.0.0.1/8", "network.clientCidrs[0]", "without host bits")]
    [TestCase("network.clientCidrs[0]=::/0", "network.clientCidrs[0]", "IPv4")]
    [TestCase("network.sshCidrs=10.0.0.0/8,10.0.0.0/8", "network.sshCidrs[1]", "twice")]
    [TestCase("network.subnetIds=subnet-1", "network.subnetIds", "at least two")]
    [TestCase("network.subnetIds=subnet-1,sub-2", "network.subnetIds[1]", "a subnet's id")]
    [TestCase("rollout.minHealthy=4", "rollout.minHealthy", "at most webheads.count (3)")]
    [TestCase("waits.pollSeconds=20", "waits.maxPollSeconds", "at least pollSeconds (20)")]
    [TestCase("dbnodes[1].name=db0", "dbnodes[1].name", "\"db0\" is also dbnodes[0].name")]
    [TestCase("dbnodes[1].hosts[0].hostname=a.example.com", "dbnodes[1].hosts[0].hostname", "is also dbnodes[0].hosts[0].hostname")]
    [TestCase("dbnodes[0].hosts[1].database=a", "dbnodes[0].hosts[1].database", "is also dbnodes[0].hosts[0].database")]
    [TestCase("dbnodes[0].hosts[1].hostname=B.example.com", "dbnodes[0].hosts[1].hostname", "lower case")]
    [TestCase("dns.zone=Example.com", "dns.zone", "a DNS name in lower case")]
    [TestCase("dns={\"zone\":\"example.com\",\"resolver\":\"example.com\"}", "dns.resolver", "an address with a port")]
    [TestCase("dns={\"zone\":\"example.com\",\"resolver\":\"999.9.9.9:53\"}", "dns.resolver", "an address with a port")]
    [TestCase("hooks=[{\"stage\":\"Smoke-Tset\",\"when\":\"before\",\"command\":[\"x\"]}]", "hooks[0].stage", "did you mean \"Smoke-Test\"?")]
    [TestCase("hooks=[{\"stage\":\"Deploy\",\"when\":\"during\",\"command\":[\"x\"]}]", "hooks[0].when", "must be \"before\" or \"after\"")]
    [TestCase("hooks=[{\"stage\":\"Deploy\",\"when\":\"after\"}]", "hooks[0]", "one of command, url and urlEnvironment")]
    [TestCase("hooks=[{\"stage\":\"Deploy\",\"when\":\"after\",\"command\":[\"x\"],\"urlEnvironment\":\"X\"}]", "hooks[0]", "one of command, url and urlEnvironment")]
    [TestCase("hooks=[{\"stage\":\"Deploy\",\"when\":\"after\",\"url\":\"ftp://host/token\"}]", "hooks[0].url", "http or https")]
    [TestCase("webheads.instanceType=t4g.small", "webheads.instanceType", "t4g.small is arm64")]
    [TestCase("webheads.instanceType=small", "webheads.instanceType", "an instance type")]
    public void Check_BrokenRule_OneErrorWithItsPath(string set, string path, string message)
    {
        var errors = Errors(set);

        Assert.That(errors.Select(error => error.Path), Is.EqualTo((string[])[path]));
        Assert.That(errors[0].Message, Does.Contain(message));
    }

    [TestCase("http://10.1.2.3:4599", "loopback")]
    [TestCase("https://ec2.eu-west-1.amazonaws.com", "loopback")]
    public void Check_LocalCloudWithOutsideEndpoint_IsRefused(string endpoint, string message)
    {
        var errors = Errors("localCloud={}", $"aws.endpoint={endpoint}");

        Assert.That(errors.Single().Path, Is.EqualTo("aws.endpoint"));
        Assert.That(errors.Single().Message, Does.Contain(message));
    }

    [Test]
    public void Check_LocalCloudWithLoopbackEndpoint_IsFine()
    {
        Assert.That(Errors("localCloud={}", "aws.endpoint=http://127.0.0.1:4599"), Is.Empty);
    }

    [Test]
    public void Check_ArmFleet_WantsArmTypes()
    {
        var errors = Errors("image.architecture=arm64", "webheads.instanceType=c7gn.large", "image.instanceType=t4g.small");

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void Check_OnePortForBoth_IsRefused()
    {
        var errors = Errors("localCloud.port=8080", "loadBalancer.port=8080");

        Assert.That(errors.Single().Path, Is.EqualTo("localCloud.port"));
    }

    [TestCase("loadBalancer.https.plainHttp=ignore", "loadBalancer.https.plainHttp", "redirect")]
    [TestCase("loadBalancer.https.plainPort=443", "loadBalancer.port", "443 is usual")]
    [TestCase("loadBalancer.https.policy=strict", "loadBalancer.https.policy", "ELBSecurityPolicy-TLS-1-2-2017-01")]
    [TestCase("loadBalancer.https.certificateArn=mine", "loadBalancer.https.certificateArn", "ACM or IAM")]
    [TestCase("loadBalancer.https.certificateArn=arn:aws:acm:us-east-1:123456789012:certificate/0a-1b", "loadBalancer.https.certificateArn", "the cluster's region eu-west-1")]
    [TestCase("loadBalancer.https.certificateArn=arn:aws:acm:eu-west-1:210987654321:certificate/0a-1b", "loadBalancer.https.certificateArn", "of the account 123456789012 that aws.accountId names, is one of 210987654321")]
    [TestCase("loadBalancer.https.certificateArn=arn:aws:iam::210987654321:server-certificate/mine", "loadBalancer.https.certificateArn", "of the account 123456789012")]
    [TestCase("loadBalancer.https.certificateArn=null", "loadBalancer.https.certificateArn", "is required on AWS")]
    public void Check_HttpsThatCantWork_IsOneErrorWithItsPath(string set, string path, string message)
    {
        var errors = Errors("loadBalancer.port=443", "loadBalancer.https.certificateArn=arn:aws:acm:eu-west-1:123456789012:certificate/0a-1b", set);

        Assert.That(errors.Select(error => error.Path), Is.EqualTo((string[])[path]));
        Assert.That(errors[0].Message, Does.Contain(message));
    }

    /// <summary>IAM is in no region.</summary>
    [TestCase("arn:aws:iam::123456789012:server-certificate/mine")]
    [TestCase("arn:aws:acm:eu-west-1:123456789012:certificate/0a-1b")]
    public void Check_CertificateOfTheAccount_NoError(string arn) =>
        Assert.That(Errors("loadBalancer.port=443", $"loadBalancer.https.certificateArn={arn}", "tokenServer.hostname=token.example.com", $"tokenServer.loadBalancer.https.certificateArn={arn}"), Is.Empty);

    [TestCase("localCloud.port=80", "loadBalancer.https.plainHttp=redirect", ExpectedResult = "localCloud.port")]
    [TestCase("localCloud.port=80", "loadBalancer.https.plainHttp=refuse", ExpectedResult = null)]
    public string? Check_PlainPort_IsTakenOnlyIfItRedirects(string port, string plain) =>
        Errors("loadBalancer.port=443", port, plain).SingleOrDefault()?.Path;

    private static IReadOnlyList<SettingsError> Errors(params string[] overrides)
    {
        SettingsLoader.Parse(Encoding.UTF8.GetBytes(OnAws), overrides, out var errors);
        return errors;
    }
}
