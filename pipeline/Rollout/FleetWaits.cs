using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Waits for the load balancer's verdicts, and guards min healthy.</summary>
public sealed class FleetWaits(EnvironmentSettings settings, Fleet fleet, AlarmWatch alarms, Waiter waiter, TimeProvider time)
{
    // How many looks a batch is watched for, at the least.
    private const int FewestLooks = 3;

    /// <summary>Waits until all serve.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BatchNotInService"/>.</exception>
    public Task ServingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        ServingAsync(ids, settings.Waits.Pace(settings.Rollout.InServiceTimeoutSeconds), cancellationToken);

    /// <summary>Waits until all serve that were registered a moment ago, for the first time.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BatchNotInService"/>.</exception>
    public Task JoinedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        // Not before they have passed as many probes as it takes, and two polls more: probes are rarer than polls.
        var check = settings.LoadBalancer.HealthCheck;
        var pace = waiter.NotBefore(settings.Waits.Pace(settings.Rollout.InServiceTimeoutSeconds), check.HealthyThreshold + 2, waiter.Now);
        var probed = TimeSpan.FromSeconds((check.HealthyThreshold - 1) * (double)check.IntervalSeconds);
        return ServingAsync(ids, probed < pace.Soonest ? pace with { Soonest = probed } : pace, cancellationToken);
    }

    private async Task ServingAsync(IReadOnlyCollection<string> ids, Pace pace, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.UntilAsync($"{string.Join(", ", ids)} to be in service", pace, async token =>
            {
                var others = await NotServingAsync(ids, token);
                return others.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>(Describe(others));
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code == ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.BatchNotInService, $"The load balancer did not take {string.Join(", ", ids)} into service within {settings.Rollout.InServiceTimeoutSeconds:0.#} s.",
                lastSeen: exception.LastSeen, hint: "./build.sh --target=Status", inner: exception);
        }
    }

    /// <summary>Watches a batch for its bake time: all must serve, all the time, and no alarm begin to ring.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BatchNotInService"/> as soon as one does not; <see cref="ErrorCode.AlarmRang"/>.</exception>
    public async Task SoakAsync(IReadOnlyCollection<string> ids, TimeSpan bake, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pace = settings.Waits.Pace(bake.TotalSeconds + settings.Waits.CommandSeconds);

        // They serve at this moment, says the look before. A short time is watched as often as a long one, not more often.
        if (bake / FewestLooks > pace.First) pace = pace with { First = bake / FewestLooks < pace.Longest ? bake / FewestLooks : pace.Longest };
        pace = pace with { Soonest = pace.First < bake ? pace.First : bake };
        try
        {
            await waiter.UntilAsync($"{string.Join(", ", ids)} to soak for {bake.TotalSeconds:0.#} s", pace, async token =>
            {
                var others = await NotServingAsync(ids, token);
                if (others.Count > 0) return Poll.Failed<bool>(Describe(others));
                await alarms.RequireSilenceAsync(token);
                return time.GetElapsedTime(started) >= bake ? Poll.Done(true) : Poll.NotYet<bool>("serving");
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TerminalState or ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.BatchNotInService, $"A {fleet.Role.Noun} of the batch {string.Join(", ", ids)} went out of service while it was watched.",
                lastSeen: exception.LastSeen, hint: "./build.sh --target=Status", inner: exception);
        }
    }

    /// <summary>Waits until the load balancer sends none of them anything any more, and none has a request in flight.</summary>
    public Task DrainedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => waiter.UntilAsync(
        $"{string.Join(", ", ids)} to drain", settings.Waits.Pace(settings.LoadBalancer.DrainSeconds + settings.Rollout.InServiceTimeoutSeconds), async token =>
        {
            var verdicts = await fleet.VerdictsAsync(token);
            var left = ids.Where(id => verdicts.TryGetValue(id, out var verdict) && (verdict.IsServing || verdict.IsDraining)).ToList();
            return left.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>($"{left.Count} draining");
        }, cancellationToken);

    /// <summary>Waits until, by what the load balancer says then, taking some away leaves enough.</summary>
    /// <param name="leaving">Who leaves. Taking away what does not serve is always allowed.</param>
    /// <param name="floor">How many must stay in service.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BelowMinHealthy"/>.</exception>
    public async Task MinHealthyAsync(IReadOnlyCollection<string> leaving, int floor, CancellationToken cancellationToken)
    {
        var left = 0;
        try
        {
            await waiter.UntilAsync($"{string.Join(", ", leaving)} to be dispensable", settings.Waits.Pace(settings.Rollout.InServiceTimeoutSeconds), async token =>
            {
                var verdicts = await fleet.VerdictsAsync(token);
                var lost = leaving.Count(id => verdicts.TryGetValue(id, out var verdict) && verdict.IsServing);
                left = verdicts.Count(pair => pair.Value.IsServing) - lost;
                return lost == 0 || left >= floor ? Poll.Done(true) : Poll.NotYet<bool>(string.Join(", ", verdicts.Select(pair => $"{pair.Key} {pair.Value}")));
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code == ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.BelowMinHealthy, $"Deregistering {string.Join(", ", leaving)} would leave {left} {fleet.Role.Plural} in service; it needs {floor}.",
                lastSeen: exception.LastSeen, hint: "./build.sh --target=Status", inner: exception);
        }
    }

    private static string Describe(Dictionary<string, Verdict> verdicts) => string.Join(", ", verdicts.Select(pair => $"{pair.Key} {pair.Value}"));

    private async Task<Dictionary<string, Verdict>> NotServingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var verdicts = await fleet.VerdictsAsync(cancellationToken);
        return ids.Select(id => (Id: id, Verdict: verdicts.GetValueOrDefault(id, Verdict.NotRegistered)))
            .Where(pair => !pair.Verdict.IsServing).ToDictionary(pair => pair.Id, pair => pair.Verdict);
    }
}
