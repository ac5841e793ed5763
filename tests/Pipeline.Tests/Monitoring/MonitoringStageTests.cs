using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Spectre.Console;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Monitoring;

public sealed class MonitoringStageTests : IDisposable
{
    private const string Topic = "arn:aws:sns:eu-west-1:123456789012:on-call";

    private static readonly EnvironmentSettings On = TestSettings.Local with { Monitoring = new MonitoringSettings { AlarmTopic = Topic } };

    private readonly FakeCloudWatch cloud = new();
    private readonly RecordingProgress progress = new();
    private readonly JumpingTime time = new();
    private readonly MemoryBucket bucket;

    public MonitoringStageTests() => bucket = new MemoryBucket(time);

    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task Run_First_MakesAll_AndAgainNothing()
    {
        await Stage(On).RunAsync(CancellationToken.None);
        cloud.Calls.Clear();

        await Stage(On).RunAsync(CancellationToken.None);
        var plan = await Stage(On).PlanAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Alarms.Keys, Is.EqualTo(new[] { "sync2/cache-evictions", "sync2/db0-connections", "sync2/db0-storage", "sync2/errors", "sync2/latency", "sync2/no-healthy-webhead" }));
            Assert.That(cloud.Groups["/syncstorage/sync2/webhead"].RetentionInDays, Is.EqualTo(30));
            Assert.That(JsonNode.Parse(cloud.Dashboards["sync2"])!["widgets"]!.AsArray(), Has.Count.GreaterThan(8));
            Assert.That(plan, Is.Empty);
            Assert.That(cloud.Calls.Where(call => call.StartsWith("Put", StringComparison.Ordinal) || call.StartsWith("Create", StringComparison.Ordinal)), Is.Empty);
            Assert.That(cloud.Calls, Has.Count.EqualTo(6), "three reads a run");
        }
    }

    [Test]
    public async Task Run_Off_MakesNoCall()
    {
        await Stage(TestSettings.Local).RunAsync(CancellationToken.None);

        Assert.That(await Stage(TestSettings.Local).PlanAsync(CancellationToken.None), Is.Empty);
        Assert.That(cloud.Calls, Is.Empty);
    }

    [Test]
    public async Task Plan_Drifts_AreSeenEachByItself_AndPutBack()
    {
        await Stage(On).RunAsync(CancellationToken.None);
        cloud.Alarms["sync2/errors"].Threshold = 50;
        cloud.Alarms["sync2/errors"].Metrics.Single(query => query.Id == "percent").Expression = "requests";
        cloud.Alarms["sync2/latency"].ActionsEnabled = false;
        cloud.Alarms.Remove("sync2/db0-storage");
        cloud.Groups["/syncstorage/sync2/webhead"].RetentionInDays = 365;
        cloud.Dashboards["sync2"] = """{"widgets":[]}""";

        var plan = await Stage(On).PlanAsync(CancellationToken.None);
        await Stage(On).RunAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Select(change => $"{change.Kind} {change.Resource} {change.Detail}"), Is.EquivalentTo(new[]
            {
                "Update log group /syncstorage/sync2/webhead days", "Update alarm sync2/errors looks at", "Update alarm sync2/errors rings", "Update alarm sync2/latency tells",
                "Create alarm sync2/db0-storage " + DesiredAlarm.All(On, TestSettings.Names).Single(alarm => alarm.Name == "sync2/db0-storage").Description, "Update dashboard sync2 what it shows",
            }));
            Assert.That(await Stage(On).PlanAsync(CancellationToken.None), Is.Empty);
        }
    }

    [Test]
    public async Task Run_NodeThatIsGone_TakesItsAlarmsAlong_ButNobodyElses()
    {
        await Stage(On with { Dbnodes = [TestSettings.Node, TestSettings.Node with { Name = "db1" }] }).RunAsync(CancellationToken.None);
        cloud.Alarms["sync2/mine"] = new() { AlarmName = "sync2/mine", AlarmArn = "arn:aws:cloudwatch:eu-west-1:1:alarm:sync2/mine" };

        await Stage(On).RunAsync(CancellationToken.None);

        Assert.That(cloud.Alarms.Keys.Where(name => name.Contains("db1", StringComparison.Ordinal)), Is.Empty);
        Assert.That(cloud.Alarms, Does.ContainKey("sync2/mine"));
    }

    [Test]
    public async Task Run_AlarmOfSomebodyElse_IsRefusedBeforeAnythingIsChanged()
    {
        await Stage(On).RunAsync(CancellationToken.None);
        cloud.Disown("sync2/latency");
        cloud.Alarms["sync2/latency"].Threshold = 7;
        cloud.Alarms["sync2/errors"].Threshold = 7;

        var error = await Assert.ThrowsAsync<PipelineException>(() => Stage(On).RunAsync(CancellationToken.None));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.NotOurs));
        Assert.That(cloud.Alarms["sync2/errors"].Threshold, Is.EqualTo(7));
    }

    [Test]
    public async Task Removal_All_IsGone()
    {
        await Stage(On).RunAsync(CancellationToken.None);
        cloud.Alarms["sync2/mine"] = new() { AlarmName = "sync2/mine", AlarmArn = "arn:aws:cloudwatch:eu-west-1:1:alarm:sync2/mine" };

        await new MonitoringRemoval(cloud, On, TestSettings.Names, progress).RunAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Alarms.Keys, Is.EqualTo(new[] { "sync2/mine" }));
            Assert.That(cloud.Dashboards, Is.Empty);
            Assert.That(cloud.Groups, Is.Empty);
        }
    }

    [TestCase(null, "SyncStorage/sync2 CertificateDaysToExpiry", "ignore")]
    [TestCase("arn:aws:iam::123456789012:server-certificate/sync2/a", "SyncStorage/sync2 CertificateDaysToExpiry", "ignore")]
    [TestCase("arn:aws:acm:eu-west-1:123456789012:certificate/0a", "AWS/CertificateManager DaysToExpiry CertificateArn=arn:aws:acm:eu-west-1:123456789012:certificate/0a", "missing")]
    public void Alarms_Https_WatchTheCertificateWhereItIsKept(string? arn, string metric, string missing)
    {
        var alarm = DesiredAlarm.All(On with { LoadBalancer = On.LoadBalancer with { Https = new HttpsSettings { CertificateArn = arn } } }, TestSettings.Names)
            .Single(one => one.Name == "sync2/certificate");

        Assert.That(alarm.Lines.Single().Metric!.ToString(), Is.EqualTo(metric));
        Assert.That(alarm.Missing, Is.EqualTo(missing));
    }

    [Test]
    public async Task Logs_Follow_ShowsEachLineOnce()
    {
        using var output = new StringWriter();
        cloud.Pages.Enqueue(Page("token", Event("1", 1_795_867_200_000, """{"time":"x","level":"warning","event":"Lost","eventId":3,"category":"c","message":"1 of 20 lost","count":1,"node":2}""")));
        cloud.Pages.Enqueue(Page(null, Event("2", 1_795_867_201_000, "no JSON")));
        cloud.Pages.Enqueue(Page(null, Event("2", 1_795_867_201_000, "no JSON"), Event("3", 1_795_867_202_000, """{"level":"info","message":"three"}""")));
        var options = new RunOptions { RepositoryRoot = "/", Follow = true, Filter = "lost", Since = TimeSpan.FromHours(1) };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

        await Assert.CatchAsync<OperationCanceledException>(() => new LogsTarget(cloud, On, TestSettings.Names, options, console, time).RunAsync(CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo(
                "2026-11-28 12:00:00.000 i-1 warning 1 of 20 lost node=2\n2026-11-28 12:00:01.000 i-1 no JSON\n2026-11-28 12:00:02.000 i-1 info three\n"));
            Assert.That(cloud.Asked[1].NextToken, Is.EqualTo("token"));
            Assert.That(cloud.Asked.Select(asked => asked.FilterPattern), Has.All.EqualTo("lost"));
            Assert.That(cloud.Asked[^1].StartTime, Is.GreaterThanOrEqualTo(cloud.Asked[0].StartTime!.Value));
        }
    }

    [Test]
    public async Task Logs_FollowIsInterrupted_EndsAsItShould()
    {
        using var output = new StringWriter();
        cloud.Pages.Enqueue(Page(null, Event("1", 1_795_867_200_000, "last words")));
        var options = new RunOptions { RepositoryRoot = "/", Follow = true };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

        await Assert.ThatAsync(() => new LogsTarget(cloud, On, TestSettings.Names, options, console, time).RunAsync(new CancellationToken(canceled: true)), Throws.Nothing);
    }

    private static FilterLogEventsResponse Page(string? next, params FilteredLogEvent[] events) => new() { Events = [.. events], NextToken = next };

    private static FilteredLogEvent Event(string id, long at, string message) => new() { EventId = id, Timestamp = at, LogStreamName = "i-1", Message = message };

    private MonitoringStage Stage(EnvironmentSettings settings)
    {
        var options = new RunOptions { RepositoryRoot = "/" };
        var certificate = new ClusterCertificate(cloud, settings, TestSettings.Names, options, new Waiter(time, progress), time, progress);
        return new MonitoringStage(cloud, settings, TestSettings.Names, bucket.Connection, new CertificateFigure(cloud, settings, TestSettings.Names, certificate, time, progress), progress);
    }
}
