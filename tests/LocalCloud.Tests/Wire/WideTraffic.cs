using System.Net;
using System.Net.Sockets;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Route53;
using Amazon.Route53.Model;
using SyncStorage.LocalCloud.Core;
using ComparisonOperator = Amazon.CloudWatch.ComparisonOperator;
using Dimension = Amazon.CloudWatch.Model.Dimension;
using Instance = Amazon.ElasticLoadBalancing.Model.Instance;
using Metric = Amazon.CloudWatch.Model.Metric;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>Calls of all services that need no process of their own, so that every protocol's forms are recorded.</summary>
internal static class WideTraffic
{
    private const string Group = "sync2-sg-web";

    public static async Task Ec2Async(LocalCloudFixture cloud)
    {
        var ec2 = cloud.Ec2();
        var tags = new List<Amazon.EC2.Model.Tag> { new("Cluster", "sync2") };
        var group = (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest
        {
            GroupName = Group,
            Description = "web",
            VpcId = CloudContext.VpcId,
            TagSpecifications = [new Amazon.EC2.Model.TagSpecification { ResourceType = ResourceType.SecurityGroup, Tags = tags }],
        })).GroupId;
        await ec2.AuthorizeSecurityGroupIngressAsync(new AuthorizeSecurityGroupIngressRequest
        {
            GroupId = group,
            IpPermissions = [new IpPermission { IpProtocol = "tcp", FromPort = 8000, ToPort = 8000, Ipv4Ranges = [new IpRange { CidrIp = "10.0.0.0/8", Description = "lb" }] }],
        });
        await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [new Amazon.EC2.Model.Filter("group-name", [Group])] });
        await ec2.DescribeSecurityGroupRulesAsync(new DescribeSecurityGroupRulesRequest { Filters = [new Amazon.EC2.Model.Filter("group-id", [group])] });
        await ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [group], Tags = [new Amazon.EC2.Model.Tag("Role", "webhead")] });
        await ec2.DescribeTagsAsync(new Amazon.EC2.Model.DescribeTagsRequest { Filters = [new Amazon.EC2.Model.Filter("resource-id", [group])] });
        await ec2.DescribeVpcsAsync(new DescribeVpcsRequest());
        await ec2.DescribeSubnetsAsync(new DescribeSubnetsRequest());
        await ec2.DescribeAvailabilityZonesAsync(new DescribeAvailabilityZonesRequest());
        await ec2.DescribeRegionsAsync(new DescribeRegionsRequest());
        await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["amazon"] });
        await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Amazon.EC2.Model.Filter("tag:Role", ["webhead"])] });
        await ec2.DescribeInstanceTypesAsync(new DescribeInstanceTypesRequest());
        await Assert.CatchAsync<AmazonEC2Exception>(() => ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = ["i-00000000000000000"] }));
        await ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = group });
    }

    public static async Task LoadBalancingAsync(LocalCloudFixture cloud)
    {
        var elb = cloud.Own(new AmazonElasticLoadBalancingClient(cloud.Credentials, cloud.Configure(new AmazonElasticLoadBalancingConfig())));
        const string Name = "sync2-lb";
        await elb.CreateLoadBalancerAsync(new CreateLoadBalancerRequest
        {
            LoadBalancerName = Name,
            Subnets = [.. CloudContext.SubnetIds],
            Tags = [new Amazon.ElasticLoadBalancing.Model.Tag { Key = "Cluster", Value = "sync2" }],
            Listeners = [new Listener { Protocol = "HTTP", LoadBalancerPort = FreePort(), InstanceProtocol = "HTTP", InstancePort = 8000 }],
        });
        await elb.ConfigureHealthCheckAsync(new ConfigureHealthCheckRequest
        {
            LoadBalancerName = Name,
            HealthCheck = new HealthCheck { Target = "HTTP:8000/__heartbeat__", Interval = 10, Timeout = 5, HealthyThreshold = 3, UnhealthyThreshold = 3 },
        });
        await elb.ModifyLoadBalancerAttributesAsync(new ModifyLoadBalancerAttributesRequest
        {
            LoadBalancerName = Name,
            LoadBalancerAttributes = new LoadBalancerAttributes { ConnectionDraining = new ConnectionDraining { Enabled = true, Timeout = 60 } },
        });
        await elb.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest { LoadBalancerNames = [Name] });
        await elb.DescribeLoadBalancerAttributesAsync(new DescribeLoadBalancerAttributesRequest { LoadBalancerName = Name });
        await elb.DescribeTagsAsync(new Amazon.ElasticLoadBalancing.Model.DescribeTagsRequest { LoadBalancerNames = [Name] });
        await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = Name });
        await Assert.CatchAsync<AmazonElasticLoadBalancingException>(() => elb.RegisterInstancesWithLoadBalancerAsync(
            new RegisterInstancesWithLoadBalancerRequest { LoadBalancerName = Name, Instances = [new Instance { InstanceId = "i-00000000000000000" }] }));
        await Assert.CatchAsync<AmazonElasticLoadBalancingException>(() => elb.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest { LoadBalancerNames = ["other"] }));
        await elb.DeleteLoadBalancerAsync(new DeleteLoadBalancerRequest { LoadBalancerName = Name });
    }

    public static async Task NamesAsync(LocalCloudFixture cloud)
    {
        var names = cloud.Own(new AmazonRoute53Client(cloud.Credentials, cloud.Configure(new AmazonRoute53Config())));
        var made = await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "sync.test", CallerReference = "1", HostedZoneConfig = new HostedZoneConfig { Comment = "of a test" } });
        var zone = made.HostedZone.Id.Split('/')[^1];
        await names.ListHostedZonesByNameAsync(new ListHostedZonesByNameRequest { DNSName = "sync.test", MaxItems = "100" });
        await names.ListHostedZonesAsync(new ListHostedZonesRequest());
        await names.GetHostedZoneAsync(new GetHostedZoneRequest { Id = zone });
        var record = new ResourceRecordSet { Name = "a.sync.test", Type = RRType.TXT, TTL = 300, ResourceRecords = [new ResourceRecord { Value = "\"text & <more>\"" }] };
        var change = await names.ChangeResourceRecordSetsAsync(new ChangeResourceRecordSetsRequest
        {
            HostedZoneId = zone,
            ChangeBatch = new ChangeBatch { Comment = "a batch", Changes = [new Change { Action = ChangeAction.UPSERT, ResourceRecordSet = record }] },
        });
        await names.GetChangeAsync(new GetChangeRequest { Id = change.ChangeInfo.Id.Split('/')[^1] });
        await names.ListResourceRecordSetsAsync(new ListResourceRecordSetsRequest { HostedZoneId = zone, StartRecordName = "a.sync.test", StartRecordType = RRType.TXT, MaxItems = "1" });
        await Assert.CatchAsync<AmazonRoute53Exception>(() => names.DeleteHostedZoneAsync(new DeleteHostedZoneRequest { Id = zone }));
        await Assert.CatchAsync<AmazonRoute53Exception>(() => names.GetHostedZoneAsync(new GetHostedZoneRequest { Id = "ZNONE" }));
    }

    public static async Task DataAsync(LocalCloudFixture cloud)
    {
        var rds = cloud.Own(new AmazonRDSClient(cloud.Credentials, cloud.Configure(new AmazonRDSConfig())));
        await rds.CreateDBSubnetGroupAsync(new CreateDBSubnetGroupRequest { DBSubnetGroupName = "sync2-db-subnets", DBSubnetGroupDescription = "dbnodes", SubnetIds = [.. CloudContext.SubnetIds] });
        await rds.DescribeDBSubnetGroupsAsync(new DescribeDBSubnetGroupsRequest { DBSubnetGroupName = "sync2-db-subnets" });
        await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest());
        await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest());
        await Assert.CatchAsync<AmazonRDSException>(() => rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "other" }));
        await rds.DeleteDBSubnetGroupAsync(new DeleteDBSubnetGroupRequest { DBSubnetGroupName = "sync2-db-subnets" });

        var caches = cloud.Own(new AmazonElastiCacheClient(cloud.Credentials, cloud.Configure(new AmazonElastiCacheConfig())));
        await caches.CreateCacheSubnetGroupAsync(new CreateCacheSubnetGroupRequest { CacheSubnetGroupName = "sync2-cache-subnets", CacheSubnetGroupDescription = "cache", SubnetIds = [.. CloudContext.SubnetIds] });
        await caches.CreateCacheParameterGroupAsync(new CreateCacheParameterGroupRequest { CacheParameterGroupName = "sync2-cache-params", CacheParameterGroupFamily = "memcached1.6", Description = "cache" });
        await caches.ModifyCacheParameterGroupAsync(new ModifyCacheParameterGroupRequest
        {
            CacheParameterGroupName = "sync2-cache-params",
            ParameterNameValues = [new ParameterNameValue { ParameterName = "max_item_size", ParameterValue = "4194304" }],
        });
        await caches.DescribeCacheParametersAsync(new DescribeCacheParametersRequest { CacheParameterGroupName = "sync2-cache-params" });
        await caches.DescribeCacheSubnetGroupsAsync(new DescribeCacheSubnetGroupsRequest());
        await caches.DescribeCacheParameterGroupsAsync(new DescribeCacheParameterGroupsRequest());
        await Assert.CatchAsync<AmazonElastiCacheException>(() => caches.DescribeCacheClustersAsync(new DescribeCacheClustersRequest { CacheClusterId = "other", ShowCacheNodeInfo = true }));
        await caches.DeleteCacheParameterGroupAsync(new DeleteCacheParameterGroupRequest { CacheParameterGroupName = "sync2-cache-params" });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task MonitoringAsync(LocalCloudFixture cloud)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var figures = cloud.CloudWatch();
        Dimension[] dimensions = [new Dimension { Name = "InstanceId", Value = "i-1" }];
        await figures.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "SyncStorage/sync2",
            MetricData = [new MetricDatum { MetricName = "RequestSeconds", Dimensions = [.. dimensions], Values = [0.1, 0.2], Counts = [3, 1], Unit = StandardUnit.Seconds, Timestamp = now }],
        });
        var metric = new Metric { Namespace = "SyncStorage/sync2", MetricName = "RequestSeconds", Dimensions = [.. dimensions] };
        await figures.PutMetricAlarmAsync(new PutMetricAlarmRequest
        {
            AlarmName = "sync2/slow",
            ComparisonOperator = ComparisonOperator.GreaterThanThreshold,
            Threshold = 1.5,
            EvaluationPeriods = 1,
            Metrics =
            [
                new MetricDataQuery { Id = "m1", ReturnData = false, MetricStat = new MetricStat { Metric = metric, Period = 60, Stat = "p95" } },
                new MetricDataQuery { Id = "e1", ReturnData = true, Expression = "IF(m1 > 1, m1, 0)" },
            ],
            Tags = [new Amazon.CloudWatch.Model.Tag { Key = "Cluster", Value = "sync2" }],
        });
        await figures.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNamePrefix = "sync2/" });
        await figures.GetMetricStatisticsAsync(new GetMetricStatisticsRequest
        {
            Namespace = metric.Namespace,
            MetricName = metric.MetricName,
            Dimensions = metric.Dimensions,
            StartTime = now.AddMinutes(-5),
            EndTime = now.AddMinutes(5),
            Period = 60,
            ExtendedStatistics = ["p95"],
        });
        var logs = cloud.Logs();
        await logs.CreateLogGroupAsync(new CreateLogGroupRequest { LogGroupName = "/syncstorage/sync2/webhead" });
        await logs.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = "/syncstorage/sync2/webhead", LogStreamName = "i-1" });
        await logs.PutLogEventsAsync(new PutLogEventsRequest { LogGroupName = "/syncstorage/sync2/webhead", LogStreamName = "i-1", LogEvents = [new InputLogEvent { Timestamp = now, Message = "{}" }] });
        await logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = "/syncstorage/sync2/webhead" });
    }
}
