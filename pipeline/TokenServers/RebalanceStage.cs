using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// Rebalance: takes users off a dbnode, or off one of its virtual hostnames, a few at a time. With their next request they are given another node, and upload again;
/// what they had is purged once its grace is over.
/// </summary>
public sealed class RebalanceStage(
    EnvironmentSettings settings, ClusterNames names, RunOptions options, ConfigStore webheads, TokenServerNodes nodes, Waiter waiter, TimeProvider time, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Target = "Rebalance";

    /// <summary>Plans, and if that is approved, carries it out.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.RebalanceRefused"/>: nobody could be moved so; <see cref="ErrorCode.ApprovalNeeded"/>, with what would be done; <see cref="ErrorCode.RemoteFailed"/>, with how far it came.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var request = options.Rebalance ?? throw Bad($"{Target} wants --from, and --users or --share.");
        if (settings.TokenServer is null) throw Bad("The settings have no token server: whoever has the one of this cluster takes users off a node there.");
        var all = await nodes.ReadAsync([.. (await HostsAsync(cancellationToken)).Select(host => host.Origin)], cancellationToken);
        var from = await FromAsync(request.From, cancellationToken);
        var steps = RebalancePlan.Of(request, [.. all.Where(node => from.Contains(node.Node))], [.. all.Where(node => !from.Contains(node.Node))]);
        var leaving = steps.Sum(step => step.Users);
        if (leaving == 0)
        {
            progress.Found($"{request.From} has no users that could leave it");
            return;
        }

        var what = string.Join(", ", steps.GroupBy(step => step.Node).Select(node => $"{node.Sum(step => step.Users)} of {all.First(one => one.Node == node.Key).Load} users of {node.Key}"));
        if (options.Approve != names.Cluster)
            throw new PipelineException(
                ErrorCode.ApprovalNeeded, $"{what} would be given another node with their next request, and upload all that they have again, {request.Step} at a time.",
                hint: $"Run the same command with --approve={names.Cluster}.");
        await MoveAsync(steps, leaving, request.Pause, cancellationToken);
    }

    private async Task MoveAsync(IReadOnlyList<RebalanceStep> steps, int leaving, TimeSpan pause, CancellationToken cancellationToken)
    {
        var left = 0;
        foreach (var step in steps)
        {
            if (left > 0 && pause > TimeSpan.Zero) await PauseAsync(pause, left, leaving, cancellationToken);
            try
            {
                var answer = await nodes.TellAsync(TokenServerAdmin.Unassign(step.Node, step.Users), "Taking users off a node", cancellationToken);
                left += (int?)answer["users"] ?? 0;
            }
            catch (PipelineException failure) when (failure.Code is ErrorCode.RemoteFailed or ErrorCode.TimedOut)
            {
                throw new PipelineException(
                    failure.Code, $"{left} of {leaving} users have left their nodes; then: {failure.Message}", lastSeen: failure.LastSeen,
                    hint: $"Nobody is without a node. Once the cause is mended, run {Target} for those that are left.", inner: failure);
            }

            progress.Changed($"{step.Users} users left {step.Node}: {left} of {leaving}");
        }
    }

    private async Task PauseAsync(TimeSpan pause, int left, int leaving, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await waiter.UntilAsync($"{left} of {leaving} users to find their nodes, for {pause.TotalSeconds:0.#} s", settings.Waits.Pace(pause.TotalSeconds + settings.Waits.CommandSeconds), _ =>
            Task.FromResult(time.GetElapsedTime(started) >= pause ? Poll.Done(true) : Poll.NotYet<bool>("uploading")), cancellationToken);
    }

    private async Task<HashSet<string>> FromAsync(string from, CancellationToken cancellationToken)
    {
        var current = await webheads.CurrentAsync(cancellationToken);
        var node = current?.Nodes.FirstOrDefault(one => one.Name == from);
        HashSet<string> origins = [.. (node?.Hosts ?? await HostsAsync(cancellationToken)).Where(host => node is not null || host.Hostname == from).Select(host => host.Origin)];
        if (origins.Count > 0) return origins;
        string[] known = [.. current?.Nodes.Select(one => one.Name) ?? [], .. (await HostsAsync(cancellationToken)).Select(host => host.Hostname)];
        throw Bad($"There is no dbnode or virtual hostname \"{from}\"{NearestName.Advice(from, known)}.");
    }

    private async Task<IReadOnlyList<ConfigHost>> HostsAsync(CancellationToken cancellationToken) =>
        [.. ((await webheads.CurrentAsync(cancellationToken))?.Nodes ?? []).SelectMany(node => node.Hosts)];

    private static PipelineException Bad(string message) => new(ErrorCode.RebalanceRefused, message, hint: $"./build.sh --target={Target} --from=db0 --share=20%");
}
