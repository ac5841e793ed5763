using Amazon.Runtime;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Aws;

/// <summary>
/// The one way to wait: bounded, cancellable, on an injected clock, with jittered backoff. A terminal state throws at
/// once; a deadline's error shows the last state seen.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="progress">Told the state after each poll.</param>
/// <param name="random">Spreads the polls; null for the shared one.</param>
public sealed class Waiter(TimeProvider time, IProgress progress, Random? random = null)
{
    private const double Growth = 1.5;
    private const double Jitter = 0.1;

    // Each has been tried several times by then: with AWS's patience this is an outage of some minutes.
    private const int MostFailuresInARow = 5;

    // Of something that can't be there yet, people want to hear from time to time all the same.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>This moment, for <see cref="NotBefore"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>The pace of a wait for what takes a while: looks begin when it can be there, and until then come as rarely as at the longest interval.</summary>
    /// <param name="pace">The environment's.</param>
    /// <param name="intervals">How many of the first intervals it takes, at the least.</param>
    /// <param name="since">When it was asked for.</param>
    public Pace NotBefore(Pace pace, int intervals, long since)
    {
        ArgumentNullException.ThrowIfNull(pace);
        return pace with { Soonest = (intervals * pace.First) - time.GetElapsedTime(since) };
    }

    /// <summary>Polls until <paramref name="poll"/> says done, and returns its value.</summary>
    /// <param name="what">For progress and errors, e.g. <c>database sync2-db0 to be available</c>.</param>
    /// <param name="pace">Intervals and deadline.</param>
    /// <param name="poll">One look: done with a value, not yet, or failed for good.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TimedOut"/> at the deadline, <see cref="ErrorCode.TerminalState"/> if a poll says failed.</exception>
    /// <remarks>A look that AWS throttles or fails, or that does not reach it, is one that saw nothing: only several in a row end the wait.</remarks>
    public async Task<T> UntilAsync<T>(string what, Pace pace, Func<CancellationToken, Task<Poll<T>>> poll, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var interval = pace.First;
        var failures = 0;
        cancellationToken.ThrowIfCancellationRequested();
        if (pace.Soonest > TimeSpan.Zero)
        {
            progress.Waiting(what, TimeSpan.Zero, "asked for");
            await Task.Delay(Shortest(pace.Soonest, SilenceOf(pace), pace.Deadline), time, cancellationToken);
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Poll<T> seen;
            try
            {
                seen = await LookAsync(poll, cancellationToken);
                failures = 0;
            }
            catch (Exception failure) when (AwsFailures.IsTransient(failure) && ++failures < MostFailuresInARow)
            {
                seen = Poll.NotYet<T>(Failures.Explain(failure).Message);
            }

            var elapsed = time.GetElapsedTime(started);
            switch (seen.Outcome)
            {
                case PollOutcome.Done:
                    return seen.Value!;
                case PollOutcome.Failed:
                    throw new PipelineException(
                        ErrorCode.TerminalState, $"Waiting for {what} ended: {seen.State}.", lastSeen: seen.State,
                        hint: "./build.sh --target=Status shows what there is. Mend the cause, and run the same command again: it goes on where it was.");
                case PollOutcome.NotYet when elapsed >= pace.Deadline:
                    throw new PipelineException(
                        ErrorCode.TimedOut, $"Waiting for {what} took longer than {pace.Deadline.TotalSeconds:0.#} s.", lastSeen: seen.State,
                        hint: "Run the same command again: it goes on where it was. Where it only takes longer, the settings of waits and rollout say how long.");
            }

            progress.Waiting(what, elapsed, seen.State);
            var left = pace.Deadline - elapsed;
            if (pace.Soonest > elapsed)
            {
                await Task.Delay(Shortest(pace.Soonest - elapsed, SilenceOf(pace), left), time, cancellationToken);
                continue;
            }

            await Task.Delay(Shortest(interval * (1 + (Jitter * (((random ?? Random.Shared).NextDouble() * 2) - 1))), left), time, cancellationToken);
            interval = Shortest(interval * Growth, pace.Longest);
        }
    }

    /// <summary>Makes a call again while AWS does not yet know what it builds on (it was made a moment ago), or is still changing that.</summary>
    /// <param name="what">For progress and errors, e.g. <c>cache cluster sync2-cache to be requested</c>.</param>
    /// <param name="pace">Intervals and deadline.</param>
    /// <param name="call">The call; it is made once if nothing is in its way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TimedOut"/>, with AWS's last refusal.</exception>
    public Task<T> OncePossibleAsync<T>(string what, Pace pace, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        UntilAsync(what, pace, async token =>
        {
            try
            {
                return Poll.Done(await call(token));
            }
            catch (AmazonServiceException refusal) when (refusal.IsMissing() || refusal.IsInUse())
            {
                return Poll.NotYet<T>($"{refusal.ErrorCode}: {refusal.Message}");
            }
        }, cancellationToken);

    private static TimeSpan SilenceOf(Pace pace) => pace.Longest > LongestSilence ? pace.Longest : LongestSilence;

    private static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        var shortest = times[0];
        foreach (var one in times)
            if (one < shortest) shortest = one;
        return shortest;
    }

    // AWS calls in here are counted as polls.
    private static async Task<Poll<T>> LookAsync<T>(Func<CancellationToken, Task<Poll<T>>> poll, CancellationToken cancellationToken)
    {
        using var polling = CallRecorder.Polling();
        return await poll(cancellationToken);
    }
}

/// <summary>How a wait is paced.</summary>
/// <param name="First">The first interval between polls.</param>
/// <param name="Longest">The interval that polls back off to.</param>
/// <param name="Deadline">When to give up.</param>
public sealed record Pace(TimeSpan First, TimeSpan Longest, TimeSpan Deadline)
{
    /// <summary>When it can be over, from the wait's start: before that, looks tell people that it goes on, and no more. Zero or less: at once.</summary>
    public TimeSpan Soonest { get; init; }
}

/// <summary>What one look found.</summary>
public enum PollOutcome
{
    /// <summary>Look again later.</summary>
    NotYet,

    /// <summary>The wait is over.</summary>
    Done,

    /// <summary>It will never be.</summary>
    Failed,
}

/// <summary>What one look found, with the state for people.</summary>
/// <param name="Outcome">Whether to go on.</param>
/// <param name="Value">The result, if done.</param>
/// <param name="State">E.g. <c>creating</c>, or <c>2 of 3 in service</c>.</param>
public readonly record struct Poll<T>(PollOutcome Outcome, T? Value, string State);

/// <summary>Makes <see cref="Poll{T}"/>s.</summary>
public static class Poll
{
    /// <summary>Look again later.</summary>
    public static Poll<T> NotYet<T>(string state) => new(PollOutcome.NotYet, default, state);

    /// <summary>The wait is over.</summary>
    public static Poll<T> Done<T>(T value) => new(PollOutcome.Done, value, "done");

    /// <summary>It will never be.</summary>
    public static Poll<T> Failed<T>(string state) => new(PollOutcome.Failed, default, state);
}
