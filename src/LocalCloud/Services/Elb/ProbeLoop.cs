using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>Looks at one instance at the health check's pace until it is told to stop.</summary>
internal sealed partial class ProbeLoop(CloudContext context, IInstanceDirectory instances, HealthProbe probe, ILogger logger)
{
    /// <summary>AWS lists a terminated instance for a while before it forgets it.</summary>
    private const double TerminatedIsListedSeconds = 60;

    /// <summary>
    /// A probe's timeout is scaled less than its interval: a healthy instance on a busy machine must not fail, and a
    /// longer timeout only delays the verdict on one that hangs.
    /// </summary>
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Backend backend, Func<HealthCheckRecord> check, Action onVerdict, Action onTerminated, CancellationToken cancellationToken)
    {
        long? terminatedSince = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var started = context.Time.GetTimestamp();
                var current = check();
                var outcome = await LookAsync(backend.InstanceId, current, cancellationToken);
                if (cancellationToken.IsCancellationRequested) return;
                if (backend.Observe(outcome, current))
                {
                    LogVerdict(backend.InstanceId, backend.Health, outcome);
                    Tell(backend, onVerdict);
                }

                terminatedSince = outcome is ProbeOutcome.Terminated ? terminatedSince ?? started : null;
                if (terminatedSince is { } since && context.Time.GetElapsedTime(since) >= context.Scale.Probe(TerminatedIsListedSeconds))
                {
                    Tell(backend, onTerminated);
                    return;
                }

                var rest = context.Scale.Probe(current.IntervalSeconds) - context.Time.GetElapsedTime(started);
                if (rest > TimeSpan.Zero) await Task.Delay(rest, context.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The instance left, or its health check changed.
        }
    }

    /// <summary>A verdict that can't be saved (no disk) holds all the same, and the probes go on.</summary>
    private void Tell(Backend backend, Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(failure, backend.InstanceId);
        }
    }

    private async Task<ProbeOutcome> LookAsync(string instanceId, HealthCheckRecord check, CancellationToken cancellationToken)
    {
        if (!instances.Exists(instanceId)) return ProbeOutcome.Terminated;
        if (instances.AddressOf(instanceId) is not { } address) return ProbeOutcome.NotRunning;
        if (!instances.AnswersProbes(instanceId)) return ProbeOutcome.Failed;

        // Its registration is in progress for ever.
        if (!instances.ComesIntoService(instanceId)) return ProbeOutcome.NotRunning;
        var target = HealthTarget.TryParse(check.Target)
            ?? throw new InvalidOperationException($"The health check target '{check.Target}' was accepted but can't be parsed.");
        using var timeout = new CancellationTokenSource(Timeout(check), context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        return await probe.PassesAsync(target, address, either.Token) ? ProbeOutcome.Passed : ProbeOutcome.Failed;
    }

    private TimeSpan Timeout(HealthCheckRecord check)
    {
        var asConfigured = TimeSpan.FromSeconds(check.TimeoutSeconds);
        var scaled = context.Scale.Probe(check.TimeoutSeconds);
        var longer = scaled > ShortestTimeout ? scaled : ShortestTimeout;
        return longer > asConfigured && scaled < asConfigured ? asConfigured : longer;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The load balancer sees {InstanceId} {Health} (the last probe: {Outcome})")]
    private partial void LogVerdict(string instanceId, InstanceHealth health, ProbeOutcome outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "What the probes of {InstanceId} found could not be saved")]
    private partial void LogNotSaved(Exception exception, string instanceId);
}
