using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using SyncStorage.LocalCloud.Services.Logs;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Logs;

[Category(Categories.Emulator)]
internal sealed class LogsServiceTests
{
    private const string Group = "/syncstorage/sync2/webhead";

    private LocalCloudFixture cloud = null!;
    private AmazonCloudWatchLogsClient client = null!;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    [SetUp]
    public async Task StartCloud()
    {
        cloud = await LocalCloudFixture.StartAsync();
        client = cloud.Logs();
        await client.CreateLogGroupAsync(new CreateLogGroupRequest { LogGroupName = Group, Tags = new() { ["Cluster"] = "sync2" } });
    }

    [TearDown]
    public async Task StopCloud()
    {
        client.Dispose();
        await cloud.DisposeAsync();
    }

    [Test]
    public async Task Group_RetentionAndTags_AreKept()
    {
        await client.PutRetentionPolicyAsync(new PutRetentionPolicyRequest { LogGroupName = Group, RetentionInDays = 30 });

        await cloud.RestartAsync(keepProcesses: false);
        var group = (await client.DescribeLogGroupsAsync(new DescribeLogGroupsRequest { LogGroupNamePrefix = "/syncstorage/" })).LogGroups.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(group.RetentionInDays, Is.EqualTo(30));
            Assert.That(group.Arn, Is.EqualTo($"arn:aws:logs:us-east-1:000000000000:log-group:{Group}:*"));
            Assert.That((await client.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceArn = group.LogGroupArn })).Tags, Does.ContainKey("Cluster").WithValue("sync2"));
            Assert.That(await CodeOfAsync(() => client.CreateLogGroupAsync(new CreateLogGroupRequest { LogGroupName = Group })), Is.EqualTo("ResourceAlreadyExistsException"));
            Assert.That(await CodeOfAsync(() => client.PutRetentionPolicyAsync(new PutRetentionPolicyRequest { LogGroupName = Group, RetentionInDays = 31 })), Is.EqualTo("InvalidParameterException"));
        }
    }

    [Test]
    public async Task Events_OfTwoStreams_AreFoundInOrderPageByPage()
    {
        var start = Now.AddMinutes(-1);
        await PutAsync("i-1", (start, """{"level":"Error","status":500}"""), (start.AddSeconds(2), """{"level":"Information","status":200}"""));
        await PutAsync("i-2", (start.AddSeconds(1), """{"level":"Error","status":503}"""));

        var found = new List<FilteredLogEvent>();
        var request = new FilterLogEventsRequest { LogGroupName = Group, Limit = 1, FilterPattern = """{ $.level = "Error" }""" };
        do
        {
            var page = await client.FilterLogEventsAsync(request);
            found.AddRange(page.Events ?? []);
            request.NextToken = page.NextToken;
        }
        while (request.NextToken is not null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Select(one => one.LogStreamName), Is.EqualTo(new[] { "i-1", "i-2" }));
            Assert.That(found[0].Timestamp, Is.EqualTo(new DateTimeOffset(start).ToUnixTimeMilliseconds()));
            Assert.That(found.Select(one => one.EventId), Is.Unique);
        }
    }

    [Test]
    public async Task GetLogEvents_Forward_GoesOnWhereItWas()
    {
        var now = Now;
        await PutAsync("i-1", (now, "a"), (now, "b"), (now, "c"));

        var first = await client.GetLogEventsAsync(new GetLogEventsRequest { LogGroupName = Group, LogStreamName = "i-1", StartFromHead = true, Limit = 2 });
        var second = await client.GetLogEventsAsync(new GetLogEventsRequest { LogGroupName = Group, LogStreamName = "i-1", StartFromHead = true, Limit = 2, NextToken = first.NextForwardToken });

        Assert.That(first.Events.Concat(second.Events).Select(one => one.Message), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That((await client.DescribeLogStreamsAsync(new DescribeLogStreamsRequest { LogGroupName = Group })).LogStreams.Single().LastEventTimestamp, Is.EqualTo(now).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task PutLogEvents_WhatAwsDoesNotTake_IsRefusedOrRejected()
    {
        var now = Now;
        var rejected = await PutAsync("i-1", (now.AddDays(-15), "too old"), (now.AddDays(-14.5), "too old"));
        await client.PutRetentionPolicyAsync(new PutRetentionPolicyRequest { LogGroupName = Group, RetentionInDays = 1 });
        var expired = await PutAsync("i-1", (now.AddDays(-1.5), "expired"), (now.AddDays(-0.6), "kept"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rejected.RejectedLogEventsInfo.TooOldLogEventEndIndex, Is.EqualTo(2));
            Assert.That(expired.RejectedLogEventsInfo.ExpiredLogEventEndIndex, Is.EqualTo(1));
            Assert.That((await client.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = Group })).Events.Single().Message, Is.EqualTo("kept"));
            Assert.That(await CodeOfAsync(() => PutAsync("i-1", (now, "a"), (now.AddSeconds(-1), "b"))), Is.EqualTo("InvalidParameterException"));
            Assert.That(await CodeOfAsync(() => client.PutLogEventsAsync(new PutLogEventsRequest { LogGroupName = Group, LogStreamName = "none", LogEvents = [new InputLogEvent { Timestamp = now, Message = "x" }] })), Is.EqualTo("ResourceNotFoundException"));
            Assert.That(await CodeOfAsync(() => PutAsync("i-1", [.. Enumerable.Range(0, 1100).Select(_ => (now, new string('x', 1000)))])), Is.EqualTo("InvalidParameterException"));
            Assert.That(await CodeOfAsync(() => client.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = Group, FilterPattern = "{ oops }" })), Is.EqualTo("InvalidParameterException"));
        }
    }

    [Test]
    public async Task DeleteLogGroup_Gone_WithItsEvents()
    {
        await PutAsync("i-1", (Now, "a"));

        await client.DeleteLogGroupAsync(new DeleteLogGroupRequest { LogGroupName = Group });

        Assert.That((await client.DescribeLogGroupsAsync(new DescribeLogGroupsRequest())).LogGroups, Is.Null);
        Assert.That(Directory.EnumerateFiles(Path.Combine(cloud.StateDirectory, "logs"), "*", SearchOption.AllDirectories), Is.Empty);
    }

    private async Task<PutLogEventsResponse> PutAsync(string stream, params (DateTime At, string Message)[] events)
    {
        if ((await client.DescribeLogStreamsAsync(new DescribeLogStreamsRequest { LogGroupName = Group, LogStreamNamePrefix = stream })).LogStreams is null)
            await client.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = Group, LogStreamName = stream });
        return await client.PutLogEventsAsync(new PutLogEventsRequest
        {
            LogGroupName = Group,
            LogStreamName = stream,
            LogEvents = [.. events.Select(one => new InputLogEvent { Timestamp = one.At, Message = one.Message })],
        });
    }

    private static async Task<string?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonCloudWatchLogsException refused)
        {
            return refused.ErrorCode;
        }
    }
}

public class FilterPatternTests
{
    [TestCase("", "anything", true)]
    [TestCase("a b", "b and a", true)]
    [TestCase("a b", "only a", false)]
    [TestCase("\"a b\"", "b and a", false)]
    [TestCase("\"a b\"", "a b", true)]
    [TestCase("a -b", "a b", false)]
    [TestCase("?x ?y", "y", true)]
    [TestCase("?x ?y", "z", false)]
    [TestCase("{ $.status >= 500 }", """{"status":503}""", true)]
    [TestCase("{ $.status >= 500 }", """{"status":200}""", false)]
    [TestCase("{ $.event = Drain* && $.a.b != \"1\" }", """{"event":"DrainBegins","a":{"b":2}}""", true)]
    [TestCase("{ $.x = 1 || $.y = 2 }", """{"y":2}""", true)]
    [TestCase("{ $.x = 1 }", "no JSON", false)]
    public void Matches_Message_AsAwsDoes(string pattern, string message, bool expected) =>
        Assert.That(FilterPattern.Parse(pattern).Matches(message), Is.EqualTo(expected));

    [TestCase("[a, b]")]
    [TestCase("{ $.a ~ 1 }")]
    [TestCase("{ $.a = 1")]
    public void Parse_WhatLocalCloudDoesNotKnow_IsRefused(string pattern) => Assert.That(() => FilterPattern.Parse(pattern), Throws.TypeOf<FormatException>());
}
