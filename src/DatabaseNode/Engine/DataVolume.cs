using System.Diagnostics;
using System.Security.Cryptography;

namespace SyncStorage.DatabaseNode.Engine;

/// <summary>What is on the data volume: the database, its binary logs, and whose they are.</summary>
/// <param name="directory">Where it is mounted.</param>
internal sealed class DataVolume(string directory)
{
    private static readonly TimeSpan InstallBudget = TimeSpan.FromMinutes(5);

    /// <summary>How many bytes can still be written, and how many there are in all.</summary>
    public (long Free, long Total) Storage
    {
        get
        {
            var drive = new DriveInfo(directory);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
    }

    /// <summary>The database's files.</summary>
    public string Data => Path.Combine(directory, "data");

    /// <summary>Its binary logs.</summary>
    public string BinaryLogs => Path.Combine(directory, "binlog");

    /// <summary>What is fetched for a restore.</summary>
    public string Fetched => Path.Combine(directory, "fetched");

    /// <summary>The server's temporary files.</summary>
    public string Temporary => Path.Combine(directory, "tmp");

    /// <summary>The server's own note of its process.</summary>
    public string PidFile => Path.Combine(Data, "mariadb.pid");

    /// <summary>
    /// The history that this database is on: binary logs of one timeline follow each other. A restore begins a new one, since what came after the time
    /// that it went back to is another history.
    /// </summary>
    public string Timeline => File.Exists(TimelineFile) ? File.ReadAllText(TimelineFile).Trim() : throw new DatabaseException($"{TimelineFile} is missing.");

    /// <summary>The restore that was carried out last; null if none was.</summary>
    public string? RestoredBy => File.Exists(RestoredFile) ? File.ReadAllText(RestoredFile).Trim() : null;

    /// <summary>The restore whose result was taken into service last; null if none was.</summary>
    public string? BegunBy => File.Exists(BegunFile) ? File.ReadAllText(BegunFile).Trim() : null;

    private string TimelineFile => Path.Combine(directory, "timeline");

    private string RestoredFile => Path.Combine(directory, "restored");

    private string BegunFile => Path.Combine(directory, "begun");

    /// <summary>Makes the database if the volume is empty, and nothing else if it is not.</summary>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="DatabaseException">It could not be made, or the volume holds something else.</exception>
    public async Task<bool> InitializeAsync(MariaDbPrograms programs, CancellationToken cancellationToken)
    {
        foreach (var folder in new[] { BinaryLogs, Temporary }) CreatePrivate(folder);
        foreach (var left in Directory.EnumerateFileSystemEntries(Temporary)) DeleteEntry(left);
        if (Directory.Exists(Data))
        {
            _ = Timeline;
            return false;
        }

        if (Directory.EnumerateFileSystemEntries(BinaryLogs).Any())
            throw new DatabaseException($"{directory} has binary logs and no database: what was on this volume is damaged, and is left as it is.");
        var unfinished = Data + ".new";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        await InstallAsync(programs, unfinished, cancellationToken);
        BeginTimeline();

        // Last: as long as it has another name, there is none.
        Directory.Move(unfinished, Data);
        return true;
    }

    /// <summary>Gives the database a new history, e.g. because it went back in time.</summary>
    public void BeginTimeline() => Replace(TimelineFile, RandomNumberGenerator.GetHexString(16, lowercase: true));

    /// <summary>Notes that a restore was carried out.</summary>
    public void NoteRestored(string restoreId) => Replace(RestoredFile, restoreId);

    /// <summary>Notes that what a restore gave was taken into service.</summary>
    public void NoteBegun(string restoreId) => Replace(BegunFile, restoreId);

    /// <summary>Makes a directory that only the service enters.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task InstallAsync(MariaDbPrograms programs, string data, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(programs.Installer) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in ServerOptions.Install(data, Temporary)) start.ArgumentList.Add(argument);
        using var installer = Process.Start(start) ?? throw new DatabaseException($"{programs.Installer} could not be started.");
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(InstallBudget);
        try
        {
            var output = installer.StandardOutput.ReadToEndAsync(budget.Token);
            var errors = installer.StandardError.ReadToEndAsync(budget.Token);
            await installer.WaitForExitAsync(budget.Token);
            if (installer.ExitCode != 0)
                throw new DatabaseException($"{programs.Installer} ended with {installer.ExitCode}: {LastLine(await errors) ?? LastLine(await output)}");
        }
        catch (OperationCanceledException)
        {
            installer.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string? LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();

    private static void DeleteEntry(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }
}
