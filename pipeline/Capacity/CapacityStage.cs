using System.Text.Json;
using Spectre.Console;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>
/// Plan-Capacity: has a webhead look at each dbnode, keeps what it finds with what earlier looks found, and tells when the next dbnode is due. It
/// changes nothing but that record.
/// </summary>
public sealed class CapacityStage(
    EnvironmentSettings settings, ConfigStore configuration, NodeUsageReader usage, CapacityHistory history, RunOptions options, RunReport report, IAnsiConsole console,
    TimeProvider time, IProgress progress)
{
    /// <summary>Looks, and prints the plan; or gives it as JSON.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationConflict"/>: nothing is deployed; <see cref="ErrorCode.RemoteFailed"/>: no dbnode could be looked at.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var current = await configuration.CurrentAsync(cancellationToken)
            ?? throw new PipelineException(ErrorCode.ConfigurationConflict, "There is no configuration: nothing is deployed.", hint: "./build.sh --target=Deploy");
        var sample = await LookAsync(current.Nodes, cancellationToken);
        var plan = CapacityPlan.Of(settings, await history.AddAsync(sample, cancellationToken));
        if (options.Json) report.Answer = JsonSerializer.Serialize(plan, StateObjects.Json);
        else console.WriteCapacity(plan, settings.Capacity);
    }

    private async Task<CapacitySample> LookAsync(IReadOnlyList<ConfigNode> nodes, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, NodeUsage>();
        PipelineException? last = null;
        foreach (var node in nodes)
        {
            try
            {
                seen[node.Name] = await usage.ReadAsync(node, [], cancellationToken);
            }
            catch (PipelineException unknown) when (unknown.Code == ErrorCode.RemoteFailed)
            {
                last = unknown;
                progress.Notice($"{node.Name} is not in it: {unknown.Message} {unknown.LastSeen}".TrimEnd());
            }
        }

        return seen.Count > 0 ? new CapacitySample(time.GetUtcNow(), seen) : throw last ?? new PipelineException(ErrorCode.RemoteFailed, "There is no dbnode.");
    }
}
