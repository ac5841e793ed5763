using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Pipeline.Local;

/// <summary>Whether this process may install packages without asking anybody.</summary>
public static class Privilege
{
    /// <summary>The words before a package manager's: none for root, sudo where it wants no password; null where it can't be done.</summary>
    /// <param name="machine">What is there.</param>
    /// <param name="processes">Asks sudo.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public static async Task<IReadOnlyList<string>?> WithoutAskingAsync(IMachine machine, IProcessRunner processes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(processes);
        if (machine.IsRoot)
            return [];
        if (machine.Find("sudo") is null)
            return null;
        var asked = await processes.RunAsync("sudo", ["-n", "true"], Path.GetTempPath(), environment: null, cancellationToken);
        return asked.ExitCode == 0 ? ["sudo", "-n"] : null;
    }
}
