using System.Text.Json.Nodes;
using NUnit.Framework;

namespace SyncStorage.TestSupport;

/// <summary>Runs <c>botocore/validate.py</c> with the newest botocore that this machine has.</summary>
public static class BotocoreValidator
{
    /// <summary>What src/AwsModels is made of: an older one calls unknown what came since.</summary>
    private static readonly Version Oldest = new(1, 43);

    private static readonly Lazy<Task<string?>> Newest = new(() => Python.WithAsync("botocore"));

    /// <summary>What the validator says of recordings. Ignores the test, visibly, where there is no botocore.</summary>
    public static async Task<JsonObject> JudgeAsync(IEnumerable<string> recordings)
    {
        if (await Newest.Value is not { } python)
        {
            Assert.Ignore($"No validation against the official models: no botocore in {Python.LookedFor}: sudo apt-get install -y python3-botocore.");
            return [];
        }

        var script = Path.Combine(TestContext.CurrentContext.TestDirectory, "botocore", "validate.py");
        var (exitCode, output) = await Python.RunAsync(python, ["-B", script, .. recordings]) ?? throw new InvalidOperationException("Python has gone.");
        var verdict = exitCode is 0 or 1 ? JsonNode.Parse(output)!.AsObject() : throw new InvalidOperationException($"The validator ended with {exitCode}: {output}");
        if (Version.Parse((string)verdict["botocore"]!) < Oldest)
            Assert.Ignore($"No validation against the official models: botocore {verdict["botocore"]} is older than {Oldest}, which LocalCloud's models are of.");
        return verdict;
    }

    /// <summary>Runs a script that uses botocore as a client, and gives what it prints. Ignores the test, visibly, where there is no botocore.</summary>
    /// <param name="script">Beside <c>validate.py</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<JsonObject> RunScriptAsync(string script, params string[] arguments)
    {
        if (await Newest.Value is not { } python)
        {
            Assert.Ignore($"Nothing was tried with botocore: there is none in {Python.LookedFor}: sudo apt-get install -y python3-botocore.");
            return [];
        }

        var (exitCode, output) = await Python.RunAsync(python, ["-B", Path.Combine(TestContext.CurrentContext.TestDirectory, "botocore", script), .. arguments])
            ?? throw new InvalidOperationException("Python has gone.");
        return exitCode == 0 ? JsonNode.Parse(output)!.AsObject() : throw new InvalidOperationException($"{script} ended with {exitCode}: {output}");
    }

    public static IReadOnlyList<string> Problems(JsonObject verdict) => [.. verdict["problems"]!.AsArray().Select(problem => (string)problem!)];
}
