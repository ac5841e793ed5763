using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>
/// A load balancer at run time: its registered instances, their probe loops, their drains, and the choice of who serves
/// a request.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    /// <summary>However fast time passes, a real request in flight gets this long (or the drain timeout, if that is shorter).</summary>
    private static readonly TimeSpan ShortestCut = TimeSpan.FromSeconds(30);

    private readonly Lock gate;
    private readonly LoadBalancerRecord record;
    private readonly CloudContext context;
    private readonly IInstanceDirectory instances;
    private readonly ProbeLoop probes;
    private readonly Action changed;
    private readonly HashSet<Task> background = [];
    private readonly CancellationTokenSource stopping = new();
    private Backend[] backends = [];
    private uint turn;

    /// <param name="record">The configuration; its instances are kept up to date here.</param>
    /// <param name="context">The cloud.</param>
    /// <param name="instances">Who knows the instances' addresses.</param>
    /// <param name="probe">How to look at an instance.</param>
    /// <param name="gate">The service's lock, which guards every record.</param>
    /// <param name="changed">Called under the lock after each change that must be saved.</param>
    /// <param name="traffic">Told of each request.</param>
    /// <param name="logger">Told what nobody waits for.</param>
    public LoadBalancer(
        LoadBalancerRecord record, CloudContext context, IInstanceDirectory instances, HealthProbe probe, Lock gate, Action changed, TrafficMetrics traffic, ILogger logger)
    {
        Traffic = traffic;
        this.gate = gate;
        this.record = record;
        this.context = context;
        this.instances = instances;
        this.changed = changed;
        probes = new ProbeLoop(context, instances, probe, logger);
    }

    public LoadBalancerRecord Record => record;

    /// <summary>What CloudWatch is told of its requests.</summary>
    public TrafficMetrics Traffic { get; }

    /// <summary>How many instances are in service.</summary>
    public int Healthy => Volatile.Read(ref backends).Count(backend => backend.Serves);

    /// <summary>Starts the probes of the instances that the record lists; those that were draining are gone.</summary>
    public void Start()
    {
        lock (gate)
        {
            record.Instances.RemoveAll(registration => registration.Draining);
            backends = [.. record.Instances.Select(registration => new Backend(registration.InstanceId, registration.InService))];
            foreach (var backend in backends) Run(ProbeAsync(backend));
        }
    }

    /// <summary>Registers instances; those that are registered stay as they are.</summary>
    public void Register(IEnumerable<string> instanceIds)
    {
        lock (gate)
        {
            foreach (var id in instanceIds.Distinct(StringComparer.Ordinal))
            {
                if (Find(id) is { } known)
                {
                    known.RegisterAgain = known.IsDraining;
                    continue;
                }

                Add(id);
            }

            changed();
        }
    }

    /// <summary>Takes instances out; with draining, requests in flight finish first, in the background.</summary>
    public void Deregister(IEnumerable<string> instanceIds)
    {
        lock (gate)
        {
            foreach (var id in instanceIds.Distinct(StringComparer.Ordinal))
            {
                if (Find(id) is not { } backend) continue;
                backend.RegisterAgain = false;
                if (backend.IsDraining) continue;
                var drained = backend.DrainAsync();
                if (drained.IsCompleted || !record.Attributes.Draining)
                {
                    Remove(backend);
                    continue;
                }

                Registration(id).Draining = true;
                Run(FinishDrainAsync(backend, drained));
            }

            changed();
        }
    }

    /// <summary>The verdict on a registered instance, or null.</summary>
    public InstanceHealth? HealthOf(string instanceId)
    {
        lock (gate) return Find(instanceId)?.Health;
    }

    /// <summary>The ids of the registered instances, draining ones included, in the order of their registration.</summary>
    public IReadOnlyList<string> InstanceIds
    {
        get
        {
            lock (gate) return [.. backends.Select(backend => backend.InstanceId)];
        }
    }

    /// <summary>Looks again with a new health check; verdicts stay until it says otherwise.</summary>
    public void RestartProbes()
    {
        lock (gate)
        {
            foreach (var backend in backends)
            {
                backend.RestartProbing();
                Run(ProbeAsync(backend));
            }
        }
    }

    /// <summary>The instance in service with the fewest requests in flight; null if there is none but those tried.</summary>
    public BackendLease? Acquire(IReadOnlyCollection<Backend> tried)
    {
        var all = Volatile.Read(ref backends);
        if (all.Length == 0) return null;

        // Equally busy instances take turns.
        var first = (int)(Interlocked.Increment(ref turn) % (uint)all.Length);
        var candidates = all[first..].Concat(all[..first]).Where(backend => backend.Serves && !tried.Contains(backend));
        foreach (var backend in candidates.OrderBy(backend => backend.InFlight))
        {
            if (instances.AddressOf(backend.InstanceId) is { } address && backend.TryEnter()) return new BackendLease(backend, address);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task[] rest;
        lock (gate)
        {
            foreach (var backend in backends) backend.StopProbing();
            rest = [.. background];
        }

        await Task.WhenAll(rest);
        foreach (var backend in backends) backend.Dispose();
        stopping.Dispose();
    }

    private void Add(string id)
    {
        record.Instances.Add(new RegistrationRecord { InstanceId = id });
        var backend = new Backend(id, inService: false);
        backends = [.. backends, backend];
        Run(ProbeAsync(backend));
    }

    private void Remove(Backend backend)
    {
        backend.StopProbing();
        backend.CutRequests();
        backends = [.. backends.Where(other => other != backend)];
        record.Instances.RemoveAll(registration => registration.InstanceId == backend.InstanceId);
        if (backend.RegisterAgain) Add(backend.InstanceId);
    }

    private async Task FinishDrainAsync(Backend backend, Task drained)
    {
        var timeout = TimeSpan.FromSeconds(record.Attributes.DrainTimeoutSeconds);
        var shortest = timeout < ShortestCut ? timeout : ShortestCut;
        var limit = context.Scale.Of(timeout) < shortest ? shortest : context.Scale.Of(timeout);
        try
        {
            await drained.WaitAsync(limit, context.Time, stopping.Token);
        }
        catch (TimeoutException)
        {
            // The drain timeout is over: what is still in flight is cut off, as on AWS.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (gate)
        {
            Remove(backend);
            changed();
        }
    }

    private Task ProbeAsync(Backend backend)
    {
        var probing = backend.Probing;
        return Task.Run(
            () => probes.RunAsync(backend, () => record.HealthCheck, () => OnVerdict(backend), () => OnTerminated(backend), probing),
            CancellationToken.None);
    }

    private void OnVerdict(Backend backend)
    {
        lock (gate)
        {
            if (Find(backend.InstanceId) != backend) return;
            Registration(backend.InstanceId).InService = backend.Health == InstanceHealth.InService;
            changed();
        }

        if (backend.Health == InstanceHealth.InService) instances.CameIntoService(backend.InstanceId);
    }

    private void OnTerminated(Backend backend)
    {
        lock (gate)
        {
            if (Find(backend.InstanceId) != backend) return;
            Remove(backend);
            changed();
        }
    }

    private Backend? Find(string id) => Array.Find(backends, backend => backend.InstanceId == id);

    private RegistrationRecord Registration(string id) => record.Instances.First(registration => registration.InstanceId == id);

    /// <summary>Remembers a background task until it is done, so that the end can wait for it.</summary>
    private void Run(Task task)
    {
        background.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (gate) background.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
