using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Reporting;

public sealed class ReportWriterTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CallRecorder calls = new();
    private readonly string root = Path.Combine(Path.GetTempPath(), $"report-{Guid.NewGuid():n}");

    [TearDown]
    public void RemoveFolder()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Test]
    public void Write_AfterARun_LeavesTheDocumentedSchema()
    {
        var report = Report();

        var json = JsonNode.Parse(File.ReadAllText(new ReportWriter(report, Options()).Write(failure: null)))!.AsObject();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.Select(member => member.Key), Is.EqualTo((string[])
                ["result", "exitCode", "environment", "cluster", "release", "bundleDigest", "imageId", "loadBalancerUrl", "stages", "apiCalls", "webheads", "error", "configuration"]));
            Assert.That((string?)json["result"], Is.EqualTo("succeeded"));
            Assert.That(json["stages"]![0]!.ToJsonString(EnvironmentJson.Compact), Is.EqualTo("""{"name":"Ensure-DB","startedAt":"2026-01-02T03:04:05+00:00","seconds":2.5,"changes":["created sync2-db0"]}"""));
            Assert.That(json["apiCalls"]!.ToJsonString(), Is.EqualTo(
                """{"reading":2,"mutating":1,"remote":1,"state":0,"polls":1,"byOperation":[{"service":"ec2","operation":"DescribeInstances","kind":"reading","count":2,"retries":3},{"service":"ec2","operation":"RunInstances","kind":"mutating","count":1,"retries":0},{"service":"ssm","operation":"SendCommand","kind":"remote","count":1,"retries":0}]}"""));
            Assert.That(json["webheads"]![0]!.ToJsonString(), Is.EqualTo("""{"id":"i-1","release":"0.1.0-abc","serving":true,"heartbeat":"ok","zone":null,"verdict":null,"launchedAt":null,"configuration":null}"""));
            Assert.That(json["error"], Is.Null);
        }
    }

    [TestCase(ErrorCode.GateFailed, "failed", 1)]
    [TestCase(ErrorCode.RolledBack, "rolledBack", 4)]
    [TestCase(ErrorCode.Stuck, "stuck", 5)]
    [TestCase(ErrorCode.Interrupted, "interrupted", 130)]
    public void Write_Failure_SaysResultAndError(ErrorCode code, string result, int exitCode)
    {
        var failure = new PipelineException(code, "It failed.", lastSeen: "degraded", hint: "./build.sh --target=Status");

        var json = JsonNode.Parse(File.ReadAllText(new ReportWriter(Report(), Options()).Write(failure)))!;

        Assert.That(((string?)json["result"], (int)json["exitCode"]!), Is.EqualTo((result, exitCode)));
        Assert.That(json["error"]!.ToJsonString(), Is.EqualTo($$"""{"code":"{{code}}","message":"It failed.","lastSeen":"degraded","hint":"./build.sh --target=Status"}"""));
    }

    [Test]
    public void Write_Html_IsSelfContainedAndEscaped()
    {
        var report = Report();
        report.Begin("<script>alert(1)</script>").Changed("a < b");
        var writer = new ReportWriter(report, Options());

        writer.Write(failure: null);

        var html = File.ReadAllText(Path.Combine(writer.Directory, "report.html"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(html, Does.Contain("Ensure-DB").And.Contain("a &lt; b"));
            Assert.That(html, Does.Not.Contain("<script"));
            Assert.That(html, Does.Not.Contain("http://").And.Not.Contain("src="), "nothing is loaded");
        }
    }

    [Test]
    public void Write_OnGitHub_AppendsTheJobSummary()
    {
        Directory.CreateDirectory(root);
        var summary = Path.Combine(root, "summary.md");
        File.WriteAllText(summary, "before\n");

        new ReportWriter(Report(), Options(), new GitHubLog(TextWriter.Null, summary)).Write(new PipelineException(ErrorCode.GateFailed, "a|b"));

        Assert.That(File.ReadAllText(summary), Does.StartWith("before\n### sync2 (local): failed").And.Contain("a\\|b").And.Contain("| Ensure-DB | 2.5 s | 1 |"));
    }

    [Test]
    public void Secret_HoweverFormatted_IsRedacted()
    {
        var secret = new Secret("hunter2");

        Assert.That($"{secret} {secret:x} {JsonSerializer.Serialize(new { secret })}", Does.Not.Contain("hunter2"));
    }

    private RunReport Report()
    {
        calls.Add("ec2", "DescribeInstances", 1);
        using (CallRecorder.Polling())
            calls.Add("ec2", "DescribeInstances", 2);
        calls.Add("ec2", "RunInstances", 0);
        calls.Add("ssm", "SendCommand", 0);
        var report = new RunReport(calls, time)
        {
            Environment = "local",
            Cluster = "sync2",
            Release = "0.1.0-abc",
            Webheads = [new ReportWebhead("i-1", "0.1.0-abc", Serving: true, "ok")],
        };
        var stage = report.Begin("Ensure-DB");
        stage.Changed("created sync2-db0");
        time.Advance(TimeSpan.FromSeconds(2.5));
        stage.Waited("db0", TimeSpan.FromSeconds(1), "creating");
        stage.End(failed: false);
        return report;
    }

    private RunOptions Options() => new() { RepositoryRoot = root };
}
