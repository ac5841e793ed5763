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

    /// <summary>How long one is waited for that may hang, in seconds.</summary>
    private const double LongestOfReachable = 20;

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
    /// <exception cref="PipelineException"><see cref="ErrorCode.TimedOut"/> if one has not ended it in time.</exception>
    public async Task<IReadOnlyList<RemoteResult>> RunAsync(IReadOnlyCollection<string> instanceIds, string command, CancellationToken cancellationToken)
    {
        var results = new List<RemoteResult>();
        foreach (var chunk in instanceIds.Chunk(InstancesPerCall))
            results.AddRange(await RunOnAsync(chunk, command, settings.Waits.CommandSeconds, leavesOut: false, cancellationToken));
        return results;
    }

    /// <summary>
    /// Like <see cref="RunAsync"/>, on those instances whose agent answers now. One that hangs may still count as such: it is waited for a
    /// while, and then left out.
    /// </summary>
    public async Task<IReadOnlyList<RemoteResult>> RunReachableAsync(IReadOnlyCollection<string> instanceIds, string command, CancellationToken cancellationToken)
    {
        var online = new List<string>();
        foreach (var chunk in instanceIds.Chunk(InstancesPerCall)) online.AddRange(await OnlineAsync(chunk, cancellationToken));
        var results = new List<RemoteResult>();
        foreach (var chunk in online.Chunk(InstancesPerCall))
            results.AddRange(await RunOnAsync(chunk, command, Math.Min(LongestOfReachable, settings.Waits.CommandSeconds), leavesOut: true, cancellationToken));
        return results;
    }

    private async Task<List<RemoteResult>> RunOnAsync(string[] ids, string command, double seconds, bool leavesOut, CancellationToken cancellationToken)
    {
        var sent = await SendAsync(ids, command, cancellationToken);
        var ended = new List<RemoteResult>();
        try
        {
            await waiter.UntilAsync($"a command on {Names(ids)}", settings.Waits.Pace(seconds), async poll =>
            {
                ended = await EndedAsync(sent, poll);
                return ended.Count == ids.Length ? Poll.Done(true) : Poll.NotYet<bool>($"{ended.Count} of {ids.Length} have answered");
            }, cancellationToken);
        }
        catch (PipelineException late) when (leavesOut && late.Code == ErrorCode.TimedOut)
        {
            // Who has not answered is not among the results, and that says it.
        }

        return ended;
    }

    private async Task<string> SendAsync(string[] ids, string command, CancellationToken cancellationToken)
    {
        var request = new SendCommandRequest
        {
            DocumentName = Document,
            InstanceIds = [.. ids],
            Parameters = new Dictionary<string, List<string>>
            {
                ["commands"] = [command],
                ["executionTimeout"] = [$"{Math.Max(1, (int)settings.Waits.CommandSeconds)}"],
            },
            TimeoutSeconds = Math.Max(30, (int)settings.Waits.CommandSeconds),
        };
        return (await clients.Ssm.SendCommandAsync(request, cancellationToken)).Command.CommandId;
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

    private async Task<List<RemoteResult>> EndedAsync(string commandId, CancellationToken cancellationToken)
    {
        var answer = await clients.Ssm.ListCommandInvocationsAsync(
            new ListCommandInvocationsRequest { CommandId = commandId, Details = true, MaxResults = 50 }, cancellationToken);
        return [.. (answer.CommandInvocations ?? []).Where(IsOver).Select(RemoteResult.Of)];
    }

    private static bool IsOver(CommandInvocation invocation) =>
        invocation.Status != CommandInvocationStatus.Pending && invocation.Status != CommandInvocationStatus.InProgress
        && invocation.Status != CommandInvocationStatus.Delayed && invocation.Status != CommandInvocationStatus.Cancelling;
}
