using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace SyncStorage.TestSupport;

/// <summary>Runs <c>botocore/validate.py</c> with the newest botocore that this machine has.</summary>
public static class BotocoreValidator
{
    private static readonly string[] Interpreters = ["python3", "/usr/local/bin/python3", "/usr/bin/python3"];

    private static readonly Lazy<Task<string?>> Newest = new(FindAsync);

    /// <summary>What the validator says of recordings. Ignores the test, visibly, where there is no botocore.</summary>
    public static async Task<JsonObject> JudgeAsync(IEnumerable<string> recordings)
    {
        if (await Newest.Value is not { } python)
        {
            Assert.Ignore($"No validation against the official models: no botocore in {string.Join(", ", Interpreters)}.");
            return [];
        }

        var script = Path.Combine(TestContext.CurrentContext.TestDirectory, "botocore", "validate.py");
        var (exitCode, output) = await RunAsync(python, ["-B", script, .. recordings]) ?? throw new InvalidOperationException("Python has gone.");
        return exitCode is 0 or 1 ? JsonNode.Parse(output)!.AsObject() : throw new InvalidOperationException($"The validator ended with {exitCode}: {output}");
    }

    public static IReadOnlyList<string> Problems(JsonObject verdict) => [.. verdict["problems"]!.AsArray().Select(problem => (string)problem!)];

    private static async Task<string?> FindAsync()
    {
        var found = new List<(Version Version, string Python)>();
        foreach (var candidate in Interpreters.Where(path => path == "python3" || File.Exists(path)))
        {
            if (await RunAsync(candidate, ["-c", "import botocore; print(botocore.__version__)"]) is (0, var version) && Version.TryParse(version.Trim(), out var parsed))
                found.Add((parsed, candidate));
        }

        return found.Count == 0 ? null : found.Max().Python;
    }

    private static async Task<(int ExitCode, string Output)?> RunAsync(string python, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode is 0 or 1 ? await output : await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}
