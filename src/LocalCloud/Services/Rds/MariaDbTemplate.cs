using System.Globalization;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>
/// The empty data directory that every instance starts from. Making one takes MariaDB's installer seconds, so it is made once a user and a version
/// of MariaDB, in the user's cache; where that can't be had, once a LocalCloud.
/// </summary>
/// <param name="files">Where this LocalCloud's files are.</param>
/// <param name="processes">Runs the installer.</param>
/// <param name="cache">The user's cache directory; null where there is none.</param>
/// <param name="time">The clock.</param>
internal sealed class MariaDbTemplate(MariaDbFiles files, IProcessHost processes, string? cache, TimeProvider time) : IDisposable
{
    private const string Product = "syncstorage-localcloud";
    private static readonly TimeSpan InstallBudget = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim once = new(1);

    /// <summary>This user's cache directory, as the XDG base directories have it; null where the user has no home.</summary>
    public static string? UserCache() => (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME")) switch
    {
        ({ Length: > 0 } own, _) when Path.IsPathFullyQualified(own) => own,
        (_, { Length: > 0 } home) when Path.IsPathFullyQualified(home) => Path.Combine(home, ".cache"),
        _ => null,
    };

    /// <summary>Its path; it is made if there is none that is whole.</summary>
    /// <param name="programs">The installer.</param>
    /// <param name="environment">The installer's environment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseFailedException">The installer failed.</exception>
    public async Task<string> GetAsync(MariaDbPrograms programs, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await once.WaitAsync(cancellationToken);
        try
        {
            var template = Path.Combine(Parent(), MariaDbFiles.TemplateName(programs));
            return IsWhole(template) ? template : await MakeAsync(template, programs, environment, cancellationToken);
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException)
        {
            throw new DatabaseFailedException("failed", $"{programs.Installer} did not make a data directory: {failure.Message}", failure);
        }
        finally
        {
            once.Release();
        }
    }

    public void Dispose() => once.Dispose();

    /// <summary>The user's alone: what others could change would be every database's.</summary>
    private string Parent()
    {
        if (cache is null) return files.Root;
        try
        {
            var shared = Path.Combine(cache, Product);
            PrivateFile.CreateDirectory(shared);
            return MariaDbFiles.OthersMayWrite(shared) ? files.Root : shared;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A home that can't be written to: each LocalCloud makes its own.
            return files.Root;
        }
    }

    private async Task<string> MakeAsync(string template, MariaDbPrograms programs, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        // Another LocalCloud may be making one, too: each in a directory of its own.
        var unfinished = $"{template}.{Guid.NewGuid():n}.tmp";
        try
        {
            var installer = await processes.StartAsync(
                new ProcessSpec(programs.Installer, MariaDbOptions.Install(unfinished), environment, files.Root, files.InstallLog), cancellationToken);
            var exit = await processes.WaitForExitAsync(installer, cancellationToken).WaitAsync(InstallBudget, time, cancellationToken);
            if (exit is not 0)
                throw new DatabaseFailedException("failed", $"{programs.Installer} ended with {exit}: {MariaDbFiles.LastLines(files.InstallLog, 0)}");
            PrivateFile.ClaimDirectory(unfinished);
            await File.WriteAllTextAsync(InventoryPath(unfinished), InventoryOf(unfinished), cancellationToken);
            if (IsWhole(template)) return template;
            if (Directory.Exists(template)) Directory.Delete(template, recursive: true);
            Directory.Move(unfinished, template);
            return template;
        }
        catch (IOException) when (IsWhole(template))
        {
            return template;
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    // Caches are cleaned by whoever likes to: one that lacks a file would make databases that don't start, and nobody could tell why.
    private static bool IsWhole(string template) =>
        Directory.Exists(template) && File.Exists(InventoryPath(template)) && File.ReadAllText(InventoryPath(template)) == InventoryOf(template);

    private static string InventoryPath(string template) => Path.Combine(template, MariaDbFiles.Inventory);

    private static string InventoryOf(string template)
    {
        var sizes = new DirectoryInfo(template).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Name != MariaDbFiles.Inventory).Select(file => file.Length).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sizes.Count} files, {sizes.Sum()} bytes\n");
    }
}
