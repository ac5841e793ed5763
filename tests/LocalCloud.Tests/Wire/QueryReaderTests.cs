using SyncStorage.AwsModels;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Wire;

namespace SyncStorage.LocalCloud.Tests.Wire;

internal sealed class QueryReaderTests
{
    [Test]
    public void Read_QueryLists_AreArraysInTheirOrder()
    {
        var input = Read("elb", "CreateLoadBalancer",
            "LoadBalancerName=sync2-lb&Listeners.member.1.Protocol=HTTP&Listeners.member.1.LoadBalancerPort=80&Listeners.member.1.InstancePort=8000&Subnets.member.10=c&Subnets.member.2=b&Subnets.member.1=a");

        Assert.That(input, Is.EqualTo("""{"LoadBalancerName":"sync2-lb","Listeners":[{"Protocol":"HTTP","LoadBalancerPort":80,"InstancePort":8000}],"Subnets":["a","b","c"]}"""));
    }

    [Test]
    public void Read_Ec2Names_AreTheModels()
    {
        var input = Read("ec2", "DescribeInstances", "Filter.1.Name=tag:Role&Filter.1.Value.1=webhead&InstanceId.1=i-1&DryRun=false");

        Assert.That(input, Is.EqualTo("""{"Filters":[{"Name":"tag:Role","Values":["webhead"]}],"InstanceIds":["i-1"],"DryRun":false}"""));
    }

    [Test]
    public void Read_RdsListsWithNames_UseThem()
    {
        var input = Read("rds", "DescribeDBInstances", "Filters.Filter.1.Name=engine&Filters.Filter.1.Values.Value.1=mysql");

        Assert.That(input, Is.EqualTo("""{"Filters":[{"Name":"engine","Values":["mysql"]}]}"""));
    }

    [Test]
    public void Read_EmptyList_IsThereAndEmpty() =>
        Assert.That(Read("elb", "DescribeLoadBalancers", "LoadBalancerNames="), Is.EqualTo("""{"LoadBalancerNames":[]}"""));

    [TestCase("ec2", "RunInstances", "MinCount=1&MaxCount=1&Surprise=1", "UnknownParameter")]
    [TestCase("ec2", "RunInstances", "MinCount=one&MaxCount=1", "InvalidParameterValue")]
    [TestCase("ec2", "RunInstances", "MinCount=1", "MissingParameter")]
    [TestCase("elb", "DeleteLoadBalancer", "Surprise=1", "MalformedInput")]
    [TestCase("elb", "DeleteLoadBalancer", "", "ValidationError")]
    [TestCase("elb", "DescribeLoadBalancers", "LoadBalancerNames.1=a", "MalformedInput")]
    [TestCase("elb", "DescribeLoadBalancers", "PageSize=401", "ValidationError")]
    [TestCase("rds", "CreateDBInstance", "DBInstanceIdentifier=a", "MissingParameter")]
    [TestCase("rds", "DeleteDBInstance", "DBInstanceIdentifier=a&SkipFinalSnapshot=perhaps", "MalformedInput")]
    [TestCase("elasticache", "DescribeCacheClusters", "CacheClusterId=a&CacheClusterId=b", "MalformedInput")]
    public void Read_WhatTheModelRefuses_HasTheServicesCode(string service, string operation, string form, string code)
    {
        var refused = Assert.Throws<AwsException>(() => Read(service, operation, form))!;

        Assert.That(refused.Code, Is.EqualTo(code), refused.Message);
    }

    private static string Read(string service, string operation, string form)
    {
        var model = ServiceModel.Load(service);
        var input = new QueryReader(model).Read(model.Operations[operation], WireRequest.ParsePairs(form, plusIsSpace: true));
        InputChecker.Check(model.Operations[operation], input);
        return input.ToJsonString();
    }
}
