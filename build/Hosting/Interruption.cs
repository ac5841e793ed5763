using System.Runtime.InteropServices;
using Spectre.Console;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Hosting;

/// <summary>Turns the first Ctrl-C, SIGTERM or hang-up into a cancellation; the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly IAnsiConsole console;
    private int signals;

    public Interruption(IAnsiConsole console)
    {
        this.console = console;
        registrations = [.. Enumerable.Select([PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP], signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1)
            Environment.Exit(ErrorCode.Interrupted.ExitCodeOf());

        console.WriteLine($"{context.Signal}: stopping where it is safe. Once more ends at once.");
        _ = source.CancelAsync();
    }
}
