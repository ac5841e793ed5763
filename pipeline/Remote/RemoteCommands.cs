using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Remote;

/// <summary>
/// Runs commands on instances, inside the VPC, through SSM. The pipeline opens no connection to an instance itself.
/// </summary>
public sealed class RemoteCommands(IClients clients, EnvironmentSettings settings, Waiter waiter)
{
    private const string Document = "AWS-RunShellScript";

    /// <summary>SendCommand takes no more instances a call.</summary>
    private const int InstancesPerCall = 50;

    private Pace Pace => settings.Waits.Pace(settings.Waits.CommandSeconds);

    /// <summary>Waits until every instance's agent answers.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TimedOut"/>, naming those that don't.</exception>
    public async Task WaitOnlineAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken)
    {
        foreach (var chunk in instanceIds.Chunk(InstancesPerCall))
            await waiter.UntilAsync($"the agent of {Names(chunk)} to be online", settings.Waits.Pace(settings.Waits.InstanceSeconds), poll => SeeOnlineAsync(chunk, poll), cancellationToken);
    }

    /// <summary>Runs one shell command on every instance and waits for all of them.</summary>
    /// <param name="instanceIds">Which instances.</param>
    /// <param name="command">A line for <c>sh</c>, without secrets.</param>
    /// <param name="cancellationToken">Ends the wait; the command may still run to its end.</param>
    /// <returns>One result an instance, also of those where it failed.</returns>
    public async Task<IReadOnlyList<RemoteResult>> RunAsync(IReadOnlyCollection<string> instanceIds, string command, CancellationToken cancellationToken)
    {
        var results = new List<RemoteResult>();
        foreach (var chunk in instanceIds.Chunk(InstancesPerCall))
        {
            var sent = await clients.Ssm.SendCommandAsync(
                new SendCommandRequest
                {
                    DocumentName = Document,
                    InstanceIds = [.. chunk],
                    Parameters = new Dictionary<string, List<string>>
                    {
                        ["commands"] = [command],
                        ["executionTimeout"] = [$"{Math.Max(1, (int)settings.Waits.CommandSeconds)}"],
                    },
                    TimeoutSeconds = Math.Max(30, (int)settings.Waits.CommandSeconds),
                },
                cancellationToken);
            results.AddRange(await waiter.UntilAsync(
                $"a command on {Names(chunk)}", Pace, poll => SeeInvocationsAsync(sent.Command.CommandId, chunk.Length, poll), cancellationToken));
        }

        return results;
    }

    /// <summary>Like <see cref="RunAsync"/>, on those instances whose agent answers now; nothing is waited for.</summary>
    public async Task<IReadOnlyList<RemoteResult>> RunReachableAsync(IReadOnlyCollection<string> instanceIds, string command, CancellationToken cancellationToken)
    {
        var online = new List<string>();
        foreach (var chunk in instanceIds.Chunk(InstancesPerCall)) online.AddRange(await OnlineAsync(chunk, cancellationToken));
        return online.Count == 0 ? [] : await RunAsync(online, command, cancellationToken);
    }

    private static string Names(string[] ids) => ids.Length == 1 ? ids[0] : $"{ids.Length} instances";

    private async Task<Poll<bool>> SeeOnlineAsync(string[] ids, CancellationToken cancellationToken)
    {
        var online = await OnlineAsync(ids, cancellationToken);
        var missing = ids.Where(id => !online.Contains(id)).ToList();
        return missing.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>($"{online.Count} of {ids.Length} online, not {string.Join(", ", missing)}");
    }

    private async Task<HashSet<string>> OnlineAsync(string[] ids, CancellationToken cancellationToken)
    {
        var answer = await clients.Ssm.DescribeInstanceInformationAsync(
            new DescribeInstanceInformationRequest { Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [.. ids] }], MaxResults = 50 },
            cancellationToken);
        return (answer.InstanceInformationList ?? []).Where(info => info.PingStatus == PingStatus.Online).Select(info => info.InstanceId).ToHashSet();
    }

    private async Task<Poll<List<RemoteResult>>> SeeInvocationsAsync(string commandId, int expected, CancellationToken cancellationToken)
    {
        var answer = await clients.Ssm.ListCommandInvocationsAsync(
            new ListCommandInvocationsRequest { CommandId = commandId, Details = true, MaxResults = 50 }, cancellationToken);
        var invocations = answer.CommandInvocations ?? [];
        var ended = invocations.Where(IsOver).ToList();
        return ended.Count == expected
            ? Poll.Done(ended.ConvertAll(RemoteResult.Of))
            : Poll.NotYet<List<RemoteResult>>($"{ended.Count} of {expected} have answered");
    }

    private static bool IsOver(CommandInvocation invocation) =>
        invocation.Status != CommandInvocationStatus.Pending && invocation.Status != CommandInvocationStatus.InProgress
        && invocation.Status != CommandInvocationStatus.Delayed && invocation.Status != CommandInvocationStatus.Cancelling;
}
