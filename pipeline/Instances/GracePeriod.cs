namespace SyncStorage.Pipeline.Instances;

/// <summary>A token for work that Ctrl-C must not cut off at once: it ends with its budget, or a while after the interruption.</summary>
public sealed class GracePeriod : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;

    /// <summary>Starts the budget.</summary>
    /// <param name="budget">How long the work may take.</param>
    /// <param name="afterInterruption">How long it may go on once the run is interrupted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interrupted">The run's own token.</param>
    public GracePeriod(TimeSpan budget, TimeSpan afterInterruption, TimeProvider time, CancellationToken interrupted)
    {
        source = new CancellationTokenSource(budget, time);
        registration = interrupted.Register(() =>
        {
            // A timer of no length would let the work go on for as long as its thread takes to come.
            if (afterInterruption > TimeSpan.Zero) source.CancelAfter(afterInterruption);
            else source.Cancel();
        });
    }

    /// <summary>Ends the work.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
