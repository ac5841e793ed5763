using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SyncStorage.Pipeline.Processes;

/// <summary>Ends a program that was started here.</summary>
public static class Termination
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;

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

    /// <summary>Ends a program that leads a session of its own, and all that it started in it: asks (SIGTERM), waits, kills.</summary>
    /// <param name="process">The program.</param>
    /// <param name="grace">How long the program may take to end by itself.</param>
    public static async Task EndGroupAsync(this Process process, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (!OperatingSystem.IsWindows()) _ = Signal(-process.Id, Sigterm);
        using var budget = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(budget.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        // Those that are left of the group, also where the program itself has ended.
        if (!OperatingSystem.IsWindows()) _ = Signal(-process.Id, Sigkill);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
