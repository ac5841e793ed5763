using System.Net;
using Amazon.EC2.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Network;

public sealed class ClusterNetworkTests
{
    private const string Vpc = "vpc-1";

    [Test]
    public void Choose_NoneAreNamed_TakesOneInEachZoneTheDefaultOneFirst()
    {
        var network = ClusterNetwork.Choose(Vpc, [Subnet("subnet-b2", "b"), Subnet("subnet-a2", "a"), Subnet("subnet-a9", "a", isDefault: true), Subnet("subnet-b1", "b")], []);

        Assert.That(network.Subnets, Is.EqualTo(new[] { new ZoneSubnet("eu-west-1a", "subnet-a9"), new ZoneSubnet("eu-west-1b", "subnet-b1") }));
    }

    [Test]
    public void Choose_SomeAreNamed_TakesTheseAlone()
    {
        var network = ClusterNetwork.Choose(Vpc, [Subnet("subnet-a", "a", isDefault: true), Subnet("subnet-b", "b", isDefault: true), Subnet("subnet-c", "c")], ["subnet-c", "subnet-b"]);

        Assert.That(network.SubnetIds, Is.EqualTo(new[] { "subnet-b", "subnet-c" }));
    }

    [TestCase(new[] { "subnet-a", "subnet-x" }, "The VPC vpc-1 has no subnet subnet-x.")]
    [TestCase(new[] { "subnet-a", "subnet-a2" }, "subnets in 1 availability zones; databases need at least two")]
    public void Choose_TheyDoNotFit_SaysWhy(string[] named, string message) =>
        Assert.That(
            () => ClusterNetwork.Choose(Vpc, [Subnet("subnet-a", "a"), Subnet("subnet-a2", "a"), Subnet("subnet-b", "b")], named),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.UnfitNetwork).And.Message.Contain(message));

    [Test]
    public async Task Read_NoVpcIsNamed_FindsTheDefaultOne()
    {
        var aws = new FakeNetwork((HttpStatusCode.OK, Subnets("vpc-default", isDefault: true, "<item><subnetId>subnet-c</subnetId><vpcId>vpc-other</vpcId><availabilityZone>eu-west-1c</availabilityZone></item>")));

        var network = await ReadAsync(aws, new NetworkSettings());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.VpcId, Is.EqualTo("vpc-default"));
            Assert.That(network.FreeAddresses, Is.EqualTo(new Dictionary<string, int> { ["subnet-a"] = 250, ["subnet-b"] = 11 }));
            Assert.That(network.WithoutPublicAddress, Is.EqualTo(new[] { "subnet-b" }));
            Assert.That(aws.Requests, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Read_TheDefaultVpcHasNoDefaultSubnets_AsksWhichItIs()
    {
        var subnets = Subnets("vpc-default", isDefault: false);
        var aws = new FakeNetwork((HttpStatusCode.OK, subnets), (HttpStatusCode.OK, Vpcs("<item><vpcId>vpc-default</vpcId></item>")), (HttpStatusCode.OK, subnets));

        var network = await ReadAsync(aws, new NetworkSettings());

        Assert.That((network.VpcId, network.Subnets.Count, aws.Requests.Count), Is.EqualTo(("vpc-default", 2, 3)));
    }

    [Test]
    public async Task Read_AVpcIsNamed_AsksForItsSubnetsAlone()
    {
        var aws = new FakeNetwork((HttpStatusCode.OK, Subnets("vpc-own", isDefault: false)));

        var network = await ReadAsync(aws, new NetworkSettings { VpcId = "vpc-own" });

        Assert.That((network.VpcId, aws.Requests.Count), Is.EqualTo(("vpc-own", 1)));
    }

    [Test]
    public void Read_ThereIsNoDefaultVpc_SaysWhatToName() =>
        Assert.That(
            () => ReadAsync(new FakeNetwork((HttpStatusCode.OK, Subnets("vpc-own", isDefault: false)), (HttpStatusCode.OK, Vpcs(""))), new NetworkSettings()),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.UnfitNetwork).And.Property("Hint").Contain("network.vpcId"));

    private static string Subnets(string vpc, bool isDefault, string others = "") => $"""
        <DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><subnetSet>{others}
        <item><subnetId>subnet-a</subnetId><vpcId>{vpc}</vpcId><availabilityZone>eu-west-1a</availabilityZone><availableIpAddressCount>250</availableIpAddressCount><mapPublicIpOnLaunch>true</mapPublicIpOnLaunch></item>
        <item><subnetId>subnet-b</subnetId><vpcId>{vpc}</vpcId><availabilityZone>eu-west-1b</availabilityZone><availableIpAddressCount>11</availableIpAddressCount><mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>{(isDefault ? "<defaultForAz>true</defaultForAz>" : "")}</item>
        </subnetSet></DescribeSubnetsResponse>
        """;

    private static string Vpcs(string items) => $"""<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcSet>{items}</vpcSet></DescribeVpcsResponse>""";

    private static async Task<ClusterNetwork> ReadAsync(FakeNetwork network, NetworkSettings settings)
    {
        using var clients = new Clients(() => new AwsTarget(null, "eu-west-1", "123456789012", new BasicAWSCredentials("AKIATEST", "secret"), IsLocal: false), new CallRecorder()) { Network = network };
        return await ClusterNetwork.ReadAsync(clients, settings, CancellationToken.None);
    }

    private static Subnet Subnet(string id, string zone, bool isDefault = false) => new() { SubnetId = id, AvailabilityZone = $"eu-west-1{zone}", DefaultForAz = isDefault };
}
