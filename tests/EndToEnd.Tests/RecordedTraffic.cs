using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>What LocalCloud has recorded of a cluster's life: all that the pipeline, the webheads and the tests sent, and what they were answered.</summary>
internal sealed class RecordedTraffic : IDisposable
{
    private static readonly string[] Services = ["ec2", "elasticache", "elb", "iam", "rds", "s3", "ssm", "sts"];

    /// <summary>Where it is recorded.</summary>
    public string FileName { get; } = Path.Combine(Path.GetTempPath(), $"syncstorage-{Guid.NewGuid():n}.jsonl");

    /// <summary>Asserts that the official models have no objection to any of it.</summary>
    /// <param name="deployments">The kinds of deployments that must be in it, as the journal names them.</param>
    /// <param name="operations">Operations that must be in it.</param>
    public async Task IsValidAsync(string[] deployments, params string[] operations)
    {
        if (!File.Exists(FileName)) Assert.Ignore("The deployments that are recorded did not run.");

        var verdict = await BotocoreValidator.JudgeAsync([FileName]);

        var judged = verdict["operations"]!.AsObject().Select(operation => operation.Key).ToList();
        await TestContext.Out.WriteLineAsync($"{verdict["calls"]} calls, {verdict["unjudged"]} of them not judged wholly, {judged.Count} operations, botocore {verdict["botocore"]}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BotocoreValidator.Problems(verdict), Is.Empty);
            Assert.That(judged.Select(operation => operation.Split('.')[0]).Distinct(), Is.SupersetOf(Services));
            Assert.That(judged, Is.SupersetOf(operations));
            Assert.That((int)verdict["unjudged"]!, Is.LessThan((int)verdict["calls"]! / 20), "bundles, and calls whose client did not wait");
            Assert.That(await KindsAsync(), Is.SupersetOf(deployments));
        }
    }

    public void Dispose() => File.Delete(FileName);

    private async Task<HashSet<string>> KindsAsync()
    {
        var kinds = new HashSet<string>();
        await foreach (var line in File.ReadLinesAsync(FileName))
        {
            var call = JsonNode.Parse(line)!;
            if ((string?)call["method"] != "PUT" || !((string)call["path"]!).EndsWith("/state/journal.json", StringComparison.Ordinal)) continue;
            var journal = Encoding.UTF8.GetString(Convert.FromBase64String((string)call["requestBody"]!));
            if (journal.Split("\"kind\": \"") is [_, var rest, ..]) kinds.Add(rest.Split('"')[0]);
        }

        return kinds;
    }
}
