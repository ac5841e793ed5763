using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>
/// Watches the load balancer's verdicts, while faults stand, in what LocalCloud keeps of them: a call would meet the faults, and use them up.
/// </summary>
internal sealed class FleetWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    private readonly CancellationTokenSource stop = new();
    private readonly HashSet<string> served = new(StringComparer.Ordinal);
    private readonly HashSet<string> fallen = new(StringComparer.Ordinal);
    private readonly string file;
    private readonly Task watching;

    /// <summary>Starts to watch.</summary>
    public FleetWatch(Cluster cluster)
    {
        file = Path.Combine(cluster.StateDirectory, "state", "elb.json");
        watching = WatchAsync();
    }

    /// <summary>The fewest that were in service at any moment.</summary>
    public int Least { get; private set; } = int.MaxValue;

    /// <summary>Webheads that were in service, stayed registered, and failed their probes.</summary>
    public IReadOnlyCollection<string> Fallen => fallen;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            if (Read() is { } registered)
            {
                Least = Math.Min(Least, registered.Count(one => one.InService));
                foreach (var (id, inService) in registered)
                {
                    if (inService) served.Add(id);
                    else if (served.Contains(id)) fallen.Add(id);
                }

                // One that left and comes back begins out of service.
                served.IntersectWith(registered.Select(one => one.Id));
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Those that are registered and not on their way out; null if it can't be read just now.</summary>
    private List<(string Id, bool InService)>? Read()
    {
        try
        {
            var balancers = JsonNode.Parse(File.ReadAllText(file))!["loadBalancers"]!.AsObject();
            return [.. balancers.SelectMany(one => one.Value!["instances"]!.AsArray()).Where(one => !(bool)one!["draining"]!).Select(one => ((string)one!["instanceId"]!, (bool)one["inService"]!))];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // It is being replaced.
            return null;
        }
    }
}
