using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.CloudWatch;

[Category(Categories.Emulator)]
internal sealed class CloudWatchServiceTests
{
    private static readonly Dimension Host = new() { Name = "Host", Value = "i-1" };

    private LocalCloudFixture cloud = null!;
    private AmazonCloudWatchClient client = null!;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    [SetUp]
    public async Task StartCloud()
    {
        cloud = await LocalCloudFixture.StartAsync();
        client = cloud.CloudWatch();
    }

    [TearDown]
    public async Task StopCloud()
    {
        client.Dispose();
        await cloud.DisposeAsync();
    }

    [Test]
    public async Task PutMetricData_EachForm_IsSummedUp()
    {
        var now = Now;
        await client.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "SyncStorage/t",
            MetricData =
            [
                new MetricDatum { MetricName = "Requests", Dimensions = [Host], Value = 4, Unit = StandardUnit.Count, Timestamp = now },
                new MetricDatum { MetricName = "Requests", Dimensions = [Host], StatisticValues = new StatisticSet { SampleCount = 2, Sum = 6, Minimum = 1, Maximum = 5 }, Timestamp = now },
                new MetricDatum { MetricName = "Requests", Dimensions = [Host], Values = [7, 8], Counts = [1, 3], Timestamp = now },
            ],
        });

        var statistics = await client.GetMetricStatisticsAsync(new GetMetricStatisticsRequest
        {
            Namespace = "SyncStorage/t",
            MetricName = "Requests",
            Dimensions = [Host],
            StartTime = now.AddMinutes(-5),
            EndTime = now.AddMinutes(5),
            Period = 300,
            Statistics = ["Sum", "SampleCount", "Minimum", "Maximum", "Average"],
        });
        var points = statistics.Datapoints;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(points.Sum(point => point.Sum), Is.EqualTo(41));
            Assert.That(points.Sum(point => point.SampleCount), Is.EqualTo(7));
            Assert.That(points.Min(point => point.Minimum), Is.EqualTo(1));
            Assert.That(points.Max(point => point.Maximum), Is.EqualTo(8));
            Assert.That(points[0].Unit, Is.EqualTo(StandardUnit.Count));
            Assert.That((await client.ListMetricsAsync(new ListMetricsRequest { Namespace = "SyncStorage/t" })).Metrics.Single().Dimensions.Single().Value, Is.EqualTo("i-1"));
        }
    }

    [Test]
    public async Task GetMetricData_Expression_AndPercentile()
    {
        var now = Now;
        foreach (var (name, value) in new[] { ("errors", 5.0), ("requests", 100.0) })
            await client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "T", MetricData = [new MetricDatum { MetricName = name, Value = value, Timestamp = now }] });

        var data = await client.GetMetricDataAsync(new GetMetricDataRequest
        {
            StartTime = now.AddMinutes(-2),
            EndTime = now.AddMinutes(2),
            MetricDataQueries =
            [
                Query("errors", "Sum"), Query("requests", "p95"),
                new MetricDataQuery { Id = "rate", Expression = "100 * FILL(errors, 0) / requests", Label = "error rate" },
            ],
        });

        var rate = data.MetricDataResults.Single(result => result.Id == "rate");
        Assert.That(rate.Values, Is.EqualTo(new[] { 5.0 }));
        Assert.That(rate.Label, Is.EqualTo("error rate"));
        Assert.That(data.MetricDataResults, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Alarm_DataBreaches_RingsWithReasonAndRecovers()
    {
        await client.PutMetricAlarmAsync(Alarm("sync2/errors"));
        var before = await StateAsync("sync2/errors");

        using var feed = new CancellationTokenSource();
        var value = 9.0;
        var feeding = FeedAsync(() => value, feed.Token);
        await Eventually.TrueAsync(async () => (await StateAsync("sync2/errors")).StateValue == StateValue.ALARM, "the alarm rings");
        var ringing = await StateAsync("sync2/errors");
        value = 1;
        await Eventually.TrueAsync(async () => (await StateAsync("sync2/errors")).StateValue == StateValue.OK, "the alarm is over");
        await feed.CancelAsync();
        await feeding;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.StateValue, Is.EqualTo(StateValue.INSUFFICIENT_DATA));
            Assert.That(ringing.StateReason, Does.StartWith("Threshold Crossed: ").And.Contains("out of the last 2 datapoints [9 ("));
            Assert.That(ringing.AlarmArn, Is.EqualTo("arn:aws:cloudwatch:us-east-1:000000000000:alarm:sync2/errors"));
            Assert.That((await client.DescribeAlarmsAsync(new DescribeAlarmsRequest { StateValue = StateValue.ALARM })).MetricAlarms, Is.Null);
            Assert.That((await client.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceARN = ringing.AlarmArn })).Tags.Single().Value, Is.EqualTo("sync2"));
        }
    }

    [Test]
    public async Task Alarms_AndDashboards_SurviveARestart_AndGo()
    {
        const string Body = """{"widgets":[{"type":"text","x":0,"y":0,"width":6,"height":3,"properties":{"markdown":"# sync2"}}]}""";
        await client.PutMetricAlarmAsync(Alarm("sync2/errors"));
        await client.PutDashboardAsync(new PutDashboardRequest { DashboardName = "sync2", DashboardBody = Body });

        await cloud.RestartAsync(keepProcesses: false);
        var alarms = (await client.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNamePrefix = "sync2/" })).MetricAlarms;
        var dashboard = await client.GetDashboardAsync(new GetDashboardRequest { DashboardName = "sync2" });
        await client.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = ["sync2/errors"] });
        await client.DeleteDashboardsAsync(new DeleteDashboardsRequest { DashboardNames = ["sync2"] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(alarms.Single().Threshold, Is.EqualTo(5));
            Assert.That(dashboard.DashboardBody, Is.EqualTo(Body));
            Assert.That(await CodeOfAsync(() => client.GetDashboardAsync(new GetDashboardRequest { DashboardName = "sync2" })), Is.EqualTo("ResourceNotFound"));
            Assert.That(await CodeOfAsync(() => client.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = ["sync2/errors"] })), Is.EqualTo("ResourceNotFound"));
            Assert.That((await client.ListDashboardsAsync(new ListDashboardsRequest())).DashboardEntries, Is.Null);
        }
    }

    [Test]
    public async Task SetAlarmState_UntilTheNextLook_Stands()
    {
        await client.PutMetricAlarmAsync(Alarm("a"));

        await client.SetAlarmStateAsync(new SetAlarmStateRequest { AlarmName = "a", StateValue = StateValue.ALARM, StateReason = "a test" });

        Assert.That((await StateAsync("a")).StateReason, Is.EqualTo("a test"));
    }

    [Test]
    public async Task Invalid_Requests_AreRefusedWithAwssCodes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await CodeOfAsync(() => client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "AWS/ELB", MetricData = [new MetricDatum { MetricName = "a", Value = 1 }] })), Is.EqualTo("InvalidParameterValue"));
            Assert.That(await CodeOfAsync(() => client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "T", MetricData = [new MetricDatum { MetricName = "a" }] })), Is.EqualTo("InvalidParameterCombination"));
            Assert.That(await CodeOfAsync(() => client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "T", MetricData = [new MetricDatum { MetricName = "a", Value = 1, Timestamp = Now.AddDays(-20) }] })), Is.EqualTo("InvalidParameterValue"));
            Assert.That(await CodeOfAsync(() => client.PutDashboardAsync(new PutDashboardRequest { DashboardName = "a", DashboardBody = "{" })), Is.EqualTo("InvalidParameterInput"));
            Assert.That(await CodeOfAsync(() => client.PutMetricAlarmAsync(new PutMetricAlarmRequest { AlarmName = "a" })), Is.EqualTo("ValidationError"));
            Assert.That(await CodeOfAsync(() => client.SetAlarmStateAsync(new SetAlarmStateRequest { AlarmName = "no", StateValue = StateValue.OK, StateReason = "x" })), Is.EqualTo("ResourceNotFound"));
        }
    }

    [Test]
    public async Task Metrics_ForPrometheus_ShowTheSameFigures()
    {
        await client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "SyncStorage/t", MetricData = [new MetricDatum { MetricName = "OpenRequests", Dimensions = [Host], Values = [2, 3] }] });
        cloud.Services.GetRequiredService<IMetricSink>().Series("AWS/ELB", "HTTPCode_Backend_5XX", "Count", ("LoadBalancerName", "sync2-lb")).Add(1);
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(cloud.Endpoint, "/_localcloud/metrics"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("# TYPE sync_storage_t_open_requests_sum counter\nsync_storage_t_open_requests_sum{host=\"i-1\"} 5\n"));
            Assert.That(text, Does.Contain("sync_storage_t_open_requests_samples{host=\"i-1\"} 2\n"));
            Assert.That(text, Does.Contain("aws_elb_http_code_backend_5xx{load_balancer_name=\"sync2-lb\"} 1\n"));
        }
    }

    /// <summary>Botocore chooses the protocol itself, of newer versions CBOR or JSON, and compresses.</summary>
    [Test]
    public async Task Botocore_AsItComes_IsUnderstood()
    {
        var credentials = await cloud.Credentials.GetCredentialsAsync();

        var seen = await BotocoreValidator.RunScriptAsync("monitoring.py", cloud.Endpoint.ToString(), credentials.AccessKey, credentials.SecretKey);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((double)seen["sum"]!, Is.EqualTo(1225));
            Assert.That(seen["alarm"]!.ToJsonString(), Is.EqualTo("""["x",1.5,true]"""));
            Assert.That((string)seen["missing"]![0]!, Is.EqualTo("ResourceNotFound").Or.EqualTo("DashboardNotFoundError"));
            Assert.That(seen["logs"]!.ToJsonString(), Is.EqualTo("""["hello"]"""));
        }
    }

    private static MetricDataQuery Query(string metric, string stat) =>
        new() { Id = metric, MetricStat = new MetricStat { Metric = new Metric { Namespace = "T", MetricName = metric }, Period = 60, Stat = stat } };

    private static PutMetricAlarmRequest Alarm(string name) => new()
    {
        AlarmName = name,
        Namespace = "T",
        MetricName = "errors",
        Statistic = Statistic.Maximum,
        Period = 60,
        EvaluationPeriods = 2,
        Threshold = 5,
        ComparisonOperator = ComparisonOperator.GreaterThanThreshold,
        Tags = [new Tag { Key = "Cluster", Value = "sync2" }],
    };

    private async Task<MetricAlarm> StateAsync(string name) => (await client.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [name] })).MetricAlarms.Single();

    private async Task FeedAsync(Func<double> value, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "T", MetricData = [new MetricDatum { MetricName = "errors", Value = value() }] }, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonCloudWatchException refused)
        {
            return refused.ErrorCode;
        }
    }
}
