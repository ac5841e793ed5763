using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>
/// Compares traffic with botocore's models. Our clients and LocalCloud share their shapes, so agreement between them would
/// prove nothing. The name puts it behind the other fixtures: what they recorded is judged too.
/// </summary>
[Category(Categories.Emulator)]
internal sealed class ValidatedTrafficTests
{
    private static readonly string[] Typical =
    [
        "ec2.DescribeImages", "elb.DescribeLoadBalancers", "rds.DescribeDBInstances", "elasticache.DescribeCacheParameters", "iam.CreateRole",
        "route53.ChangeResourceRecordSets", "s3.PutObject", "s3.PutBucketLifecycleConfiguration", "service-quotas.GetServiceQuota", "ssm.PutParameter", "sts.GetCallerIdentity",
        "cloudwatch.PutMetricAlarm", "logs.PutLogEvents",
    ];

    private static readonly Lazy<Task<string>> Recording = new(RecordAsync);
    private static readonly Lazy<Task<IReadOnlyDictionary<string, IReadOnlyList<string>>>> Verdicts = new(JudgeDoctoredAsync);

    [Test]
    public async Task Traffic_OfThisSession_IsWhatTheOfficialModelsSay()
    {
        var own = await Recording.Value;

        var verdict = await BotocoreValidator.JudgeAsync([own, .. Directory.EnumerateFiles(Recordings.Folder).Where(file => file != own)]);

        await TestContext.Out.WriteLineAsync(verdict.ToJsonString(new() { WriteIndented = true }));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BotocoreValidator.Problems(verdict), Is.Empty);
            Assert.That(verdict["operations"]!.AsObject().Select(operation => operation.Key), Is.SupersetOf(Typical));
        }
    }

    // Each change makes a recording that no AWS would have given: the validator must notice every one, and say what it is.
    private static IEnumerable<TestCaseData> Doctored() =>
        DoctoredTraffic.All.Select(one => new TestCaseData(one.Name, one.Noticed).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(Doctored))]
    public async Task Traffic_Doctored_IsNoticed(string name, string noticed)
    {
        var problems = (await Verdicts.Value)[name];

        Assert.That(problems, Has.Count.EqualTo(1));
        Assert.That(problems[0], Does.Contain(noticed));
    }

    /// <summary>All at once: one look at the models is enough.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> JudgeDoctoredAsync()
    {
        var lines = await File.ReadAllLinesAsync(await Recording.Value);
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"doctored-{Guid.NewGuid():N}.jsonl");
        try
        {
            await File.WriteAllLinesAsync(file, DoctoredTraffic.All.Select(one => one.Of(lines)));
            var problems = BotocoreValidator.Problems(await BotocoreValidator.JudgeAsync([file]));
            return DoctoredTraffic.All.Select((one, index) => (one.Name, Line: $"{file}:{index + 1}: "))
                .ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[.. problems.Where(problem => problem.StartsWith(one.Line, StringComparison.Ordinal))]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RecordAsync()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        await WideTraffic.Ec2Async(cloud);
        await WideTraffic.LoadBalancingAsync(cloud);
        await WideTraffic.DataAsync(cloud);
        await WideTraffic.MonitoringAsync(cloud);
        await WideTraffic.NamesAsync(cloud);
        await StateTraffic.IdentitiesAsync(cloud);
        await StateTraffic.StorageAsync(cloud);
        await StateTraffic.ParametersAsync(cloud);
        return cloud.Options.RecordFile!;
    }
}
