using System.Runtime.InteropServices;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// The end of the service. At SIGTERM (or Ctrl-C) the heartbeat fails first; while requests are in flight the listener stays open,
/// and every answer closes its connection; then the host stops. A second signal stops at once.
/// </summary>
internal sealed partial class Drain(IHostApplicationLifetime lifetime, TimeSpan least, TimeProvider time, ILogger<Drain> log)
    : IHostLifetime, IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly List<PosixSignalRegistration> signals = [];
    private int inFlight;
    private int started;

    /// <summary>Whether the service is about to end.</summary>
    public bool Draining => Volatile.Read(ref started) != 0;

    /// <summary>Counts a request, which <see cref="End"/> ends.</summary>
    public void Begin() => Interlocked.Increment(ref inFlight);

    /// <summary>A request has been answered.</summary>
    public void End() => Interlocked.Decrement(ref inFlight);

    /// <summary>Drains, and then stops the host.</summary>
    public async Task StopGracefullyAsync()
    {
        if (Interlocked.Exchange(ref this.started, 1) != 0)
        {
            lifetime.StopApplication();
            return;
        }

        var started = time.GetTimestamp();
        var inFlight = Volatile.Read(ref this.inFlight);
        LogDraining(inFlight);
        while (time.GetElapsedTime(started) < least || Volatile.Read(ref this.inFlight) > 0 && time.GetElapsedTime(started) < Most)
            await Task.Delay(Look, time);

        var seconds = time.GetElapsedTime(started).TotalSeconds;
        LogStopping(seconds);
        lifetime.StopApplication();
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => signals.ForEach(signal => signal.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = StopGracefullyAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Requests} requests in flight")]
    private partial void LogDraining(int requests);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained in {Seconds:0.00} s, stopping")]
    private partial void LogStopping(double seconds);
}
