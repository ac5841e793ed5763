using System.Collections;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>How a client's program ended.</summary>
internal sealed record ClientRun(int ExitCode, string Output, string Errors)
{
    /// <summary>What it printed, which must be JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Output)!;

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>Runs clients as their users do: they learn of LocalCloud by arguments, environment and its credentials' file alone.</summary>
internal static class ClientProcess
{
    /// <summary>The file in a client's folder that is its AWS configuration, if it is there.</summary>
    public const string Configuration = "aws-configuration";

    /// <summary>Runs one to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs, and keeps what it keeps for itself.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="cancellationToken">Ends it, with all that it started.</param>
    public static async Task<ClientRun> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables(folder)) start.Environment[name] = value;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await TestContext.Out.WriteLineAsync($"Ended before its time: {program}\n{await output}\n{await errors}");
            throw;
        }

        return new ClientRun(process.ExitCode, await output, await errors);
    }

    // Whatever AWS account this machine's user has is none of the tests' business.
    private static IEnumerable<(string Name, string? Value)> Variables(string folder)
    {
        foreach (DictionaryEntry own in Environment.GetEnvironmentVariables())
        {
            if (((string)own.Key).StartsWith("AWS_", StringComparison.Ordinal)) yield return ((string)own.Key, null);
        }

        var region = SharedCloud.Cloud.Options.Region;
        yield return ("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(SharedCloud.Cloud.StateDirectory, "credentials"));
        yield return ("AWS_CONFIG_FILE", Path.Combine(folder, Configuration));
        yield return ("AWS_REGION", region);
        yield return ("AWS_DEFAULT_REGION", region);
        yield return ("AWS_EC2_METADATA_DISABLED", "true");
        yield return ("AWS_PAGER", "");
        yield return ("LC_ALL", "C.UTF-8");
        yield return ("NO_COLOR", "1");
    }
}
