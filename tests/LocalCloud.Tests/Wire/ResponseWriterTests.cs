using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.AwsModels;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Wire;

namespace SyncStorage.LocalCloud.Tests.Wire;

internal sealed class ResponseWriterTests
{
    [Test]
    public void Write_Query_HasWrapperListsAndRequestId()
    {
        var body = Write("elb", "DescribeInstanceHealth", new JsonObject { ["InstanceStates"] = new JsonArray(new JsonObject { ["InstanceId"] = "i-1", ["State"] = "InService" }) });

        Assert.That(body, Does.EndWith("<DescribeInstanceHealthResponse xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/\"><DescribeInstanceHealthResult><InstanceStates><member><InstanceId>i-1</InstanceId><State>InService</State></member></InstanceStates></DescribeInstanceHealthResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DescribeInstanceHealthResponse>"));
    }

    [Test]
    public void Write_Ec2_HasItemSetsAndWireNames()
    {
        var body = Write("ec2", "DescribeVpcs", new JsonObject { ["Vpcs"] = new JsonArray(new JsonObject { ["VpcId"] = "vpc-1", ["IsDefault"] = true }) });

        Assert.That(body, Does.EndWith("<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>id</requestId><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet></DescribeVpcsResponse>"));
    }

    [Test]
    public void Write_Json_TimesAreSeconds()
    {
        var body = Write("ssm", "GetParameter", new JsonObject { ["Parameter"] = new JsonObject { ["Version"] = "3", ["LastModifiedDate"] = "2026-01-02T03:04:05.678Z" } });

        Assert.That(body, Is.EqualTo("""{"Parameter":{"Version":3,"LastModifiedDate":1767323045.678}}"""));
    }

    [Test]
    public void Write_ControlCharacters_AreReplaced()
    {
        var body = Write("ec2", "GetConsoleOutput", new JsonObject { ["Output"] = "a\u001b[0mb\ud83d\ude00<" });

        Assert.That(body, Does.Contain("<output>a\ufffd[0mb\ud83d\ude00&lt;</output>").Or.Contain("<output>a\ufffd[0mb\ufffd\ufffd&lt;</output>"));
    }

    [TestCase("elb", "DescribeInstanceHealth", """{"Surprise": 1}""")]
    [TestCase("elb", "DescribeLoadBalancers", """{"LoadBalancerDescriptions": [{"CreatedTime": "yesterday"}]}""")]
    [TestCase("ssm", "GetParameter", """{"Parameter": {"Surprise": 1}}""")]
    [TestCase("ssm", "GetParameter", """{"Parameter": {"Version": "three"}}""")]
    public void Write_WhatTheModelLacks_Throws(string service, string operation, string output) =>
        Assert.Throws<InvalidOperationException>(() => Write(service, operation, JsonNode.Parse(output)!.AsObject()));

    private static string Write(string service, string operation, JsonObject output) =>
        Encoding.UTF8.GetString(ResponseWriter.Write(ServiceModel.Load(service).Operations[operation], output, "id").Content.Span);
}
