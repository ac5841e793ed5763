namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>A registered instance at run time: its verdict, its requests in flight, and whether it is leaving.</summary>
internal sealed class Backend(string instanceId, bool inService) : IDisposable
{
    private readonly Lock gate = new();
    private readonly HealthVerdict verdict = new(inService);
    private readonly CancellationTokenSource cut = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource probing = new();
    private int inFlight;
    private bool draining;

    public string InstanceId => instanceId;

    public int InFlight => Volatile.Read(ref inFlight);

    public bool IsDraining
    {
        get
        {
            lock (gate) return draining;
        }
    }

    /// <summary>It was registered again while it drained; that happens once it is out.</summary>
    public bool RegisterAgain { get; set; }

    /// <summary>What the API says of it.</summary>
    public InstanceHealth Health
    {
        get
        {
            lock (gate) return draining ? InstanceHealth.Draining : verdict.Current;
        }
    }

    /// <summary>Whether it takes requests.</summary>
    public bool Serves
    {
        get
        {
            lock (gate) return !draining && verdict.Current == InstanceHealth.InService;
        }
    }

    /// <summary>Cancelled when requests in flight are cut off.</summary>
    public CancellationToken Cut => cut.Token;

    /// <summary>Cancelled when the probe loop is to end.</summary>
    public CancellationToken Probing => probing.Token;

    /// <summary>Takes a probe's outcome in; true if the service state changed.</summary>
    public bool Observe(ProbeOutcome outcome, HealthCheckRecord check)
    {
        lock (gate)
        {
            var before = verdict.Current;
            verdict.Observe(outcome, check);
            return before != verdict.Current;
        }
    }

    /// <summary>Counts a request in, unless the instance does not serve.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (draining || verdict.Current != InstanceHealth.InService) return false;
            inFlight++;
            return true;
        }
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        lock (gate)
        {
            inFlight--;
            if (draining && inFlight == 0) idle.TrySetResult();
        }
    }

    /// <summary>Takes no more requests; completes when the last one in flight is done.</summary>
    public Task DrainAsync()
    {
        lock (gate)
        {
            draining = true;
            if (inFlight == 0) idle.TrySetResult();
            return idle.Task;
        }
    }

    public void CutRequests() => cut.Cancel();

    public void StopProbing() => probing.Cancel();

    /// <summary>Ends the probe loop and allows another one.</summary>
    public void RestartProbing()
    {
        var last = Interlocked.Exchange(ref probing, new CancellationTokenSource());
        last.Cancel();
        last.Dispose();
    }

    public void Dispose()
    {
        probing.Dispose();
        cut.Dispose();
    }
}
