using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Remote;

/// <summary>How a command ended on one instance.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Status">SSM's word, e.g. <c>Success</c>, <c>Failed</c>, <c>TimedOut</c>.</param>
/// <param name="ExitCode">The command's exit code; -1 if it never ran.</param>
/// <param name="Output">Standard output and error, cut at 2,500 characters by SSM.</param>
public sealed record RemoteResult(string InstanceId, string Status, int ExitCode, string Output)
{
    /// <summary>Whether the command ran, exited with 0, and gave an answer, which does not say that it failed. One that SSM has cut is none.</summary>
    public bool Succeeded => Status == CommandInvocationStatus.Success.Value && ExitCode == 0 && Answer is { } answer && (bool?)answer["ok"] != false;

    /// <summary>
    /// An admin command's answer: the last line of the output that is a JSON object, also of one that failed. Null where it gave none.
    /// </summary>
    public JsonObject? Answer => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Reverse().Select(TryParse).FirstOrDefault(answer => answer is not null);

    /// <summary>What to show a person: the answer's error, or the end of the output.</summary>
    public string Reason => (string?)Answer?["error"] is { } error ? error : Output.Trim() is { Length: > 0 } text ? text : $"{Status}, no output";

    /// <summary>The answer of a command that must have succeeded.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RemoteFailed"/>, with the command's own error.</exception>
    public JsonObject Require(string what) =>
        Succeeded
            ? Answer!
            : throw new PipelineException(
                ErrorCode.RemoteFailed, $"{what} failed on {InstanceId} ({Status}, exit code {ExitCode}).", lastSeen: Reason);

    /// <summary>A command that was given up.</summary>
    internal static RemoteResult Late(string instanceId, string message) => new(instanceId, CommandInvocationStatus.TimedOut.Value, -1, message);

    internal static RemoteResult Of(CommandInvocation invocation)
    {
        var plugin = (invocation.CommandPlugins ?? []).FirstOrDefault();
        return new RemoteResult(invocation.InstanceId, invocation.Status.Value, plugin?.ResponseCode ?? -1, plugin?.Output ?? "");
    }

    private static JsonObject? TryParse(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
