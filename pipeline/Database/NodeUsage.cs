using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Database;

/// <summary>What a dbnode has, and has to do.</summary>
/// <param name="Users">Users that have anything there, of the databases that were asked for; those of tests are left out.</param>
/// <param name="About">Whether there are too many to count, and that is an estimate.</param>
/// <param name="Bytes">What those databases take.</param>
/// <param name="Statements">Statements since the server started.</param>
/// <param name="UptimeSeconds">How long ago that was.</param>
/// <param name="Connections">Connections now.</param>
/// <param name="MostConnections">How many there may be.</param>
public sealed record NodeUsage(long Users, bool About, long Bytes, long Statements, long UptimeSeconds, long Connections, long MostConnections)
{
    /// <summary>For people: <c>12 users</c>.</summary>
    [JsonIgnore]
    public string UsersText => $"{(About ? "about " : "")}{Users} user{(Users == 1 ? "" : "s")}";

    internal static NodeUsage Of(JsonObject answer)
    {
        return new NodeUsage(
            Number("users"), (bool?)answer["about"] == true, Number("bytes"), Number("statements"), Number("uptimeSeconds"), Number("connections"), Number("mostConnections"));

        long Number(string name) => (long?)answer[name] ?? throw new PipelineException(ErrorCode.RemoteFailed, $"The answer has no {name}.", lastSeen: answer.ToJsonString());
    }
}

/// <summary>Has a webhead look at a dbnode: nothing else reaches one.</summary>
public sealed class NodeUsageReader(Fleet fleet, RemoteCommands remote)
{
    private const int MostAsked = 3;

    /// <summary>Looks.</summary>
    /// <param name="node">The dbnode, with the account that webheads use.</param>
    /// <param name="databases">Of which databases; none for all of the node's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RemoteFailed"/>: no webhead answers, or what it tried failed.</exception>
    public async Task<NodeUsage> ReadAsync(ConfigNode node, IReadOnlyCollection<string> databases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        var webheads = (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.State == "running").OrderByDescending(webhead => webhead.Verdict.IsServing).Take(MostAsked).ToList();
        foreach (var webhead in webheads)
        {
            if (await remote.RunReachableAsync([webhead.Id], WebheadAdmin.Usage(node, databases), cancellationToken) is [var result])
                return NodeUsage.Of(result.Require($"Counting the users of {node.Name}"));
        }

        throw new PipelineException(
            ErrorCode.RemoteFailed, $"What {node.Name} has can't be told: {(webheads.Count == 0 ? "there is no webhead" : $"{string.Join(", ", webheads.Select(webhead => webhead.Id))} did not answer")}.",
            hint: "./build.sh --target=Status");
    }
}
