using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SyncStorage.Pipeline.Processes;

/// <summary>Ends a program that was started here.</summary>
public static class Termination
{
    private const int Sigterm = 15;

    /// <summary>
    /// Asks the program to end (SIGTERM; Windows has nothing like it), and waits. One that has not ended after
    /// <paramref name="grace"/> is killed, with all that it started.
    /// </summary>
    /// <param name="process">The program.</param>
    /// <param name="grace">How long it may take to end by itself.</param>
    public static async Task EndAsync(this Process process, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(process);

        // The program lives in real time, whatever the clock of who waits.
        using var budget = new CancellationTokenSource(grace);
        try
        {
            if (!process.HasExited && !OperatingSystem.IsWindows())
                _ = Signal(process.Id, Sigterm);
            await process.WaitForExitAsync(budget.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
