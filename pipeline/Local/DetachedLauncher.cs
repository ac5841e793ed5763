using System.Diagnostics;
using System.Globalization;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Local;

/// <summary>
/// Starts a program in a session of its own: no Ctrl-C, hang-up or closed pipe of ours reaches it, and nobody waits for its output.
/// </summary>
/// <param name="machine">Finds <c>setsid</c>.</param>
public sealed class DetachedLauncher(IMachine machine)
{
    // The shell in the new session writes its own id and becomes the program.
    private const string Script = """exec setsid --fork /bin/sh -c 'echo $$ > "$PIDFILE.tmp" && mv "$PIDFILE.tmp" "$PIDFILE" && exec "$0" "$@"' "$0" "$@" </dev/null >"$LOG" 2>&1""";

    // A daemon outlives the job that started it: it gets none of the job's secrets.
    private static readonly string[] Inherited =
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "TZ", "DOTNET_ROOT", "DOTNET_CLI_HOME", "DOTNET_gcServer", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"];

    /// <summary>Starts a program, detached.</summary>
    /// <param name="executable">A path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working directory; the file with its process id is there.</param>
    /// <param name="log">Where its output goes; it is emptied first.</param>
    /// <param name="cancellationToken">Ends the wait for the start; not the program.</param>
    /// <exception cref="PipelineException">There is no <c>setsid</c>, or the program can't be started.</exception>
    public async Task<DetachedProcess> StartAsync(
        string executable, IReadOnlyList<string> arguments, string directory, string log, CancellationToken cancellationToken)
    {
        if (machine.Find("setsid") is null)
            throw new PipelineException(ErrorCode.MissingProgram, "setsid, which starts LocalCloud in a session of its own, can't be found.", hint: "Install util-linux; LocalCloud's instances need Linux.");
        var pidFile = Path.Combine(directory, $"start-{Guid.NewGuid():n}.pid");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, executable, .. arguments]) { WorkingDirectory = directory };
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        start.Environment["PIDFILE"] = pidFile;
        start.Environment["LOG"] = log;
        using var shell = Process.Start(start) ?? throw new PipelineException(ErrorCode.LocalCloudFailed, $"{executable} could not be started.");
        await shell.WaitForExitAsync(cancellationToken);
        return shell.ExitCode == 0
            ? new DetachedProcess(pidFile)
            : throw new PipelineException(ErrorCode.LocalCloudFailed, $"{executable} could not be started: the shell ended with {shell.ExitCode}.", hint: $"See {log}.");
    }

    /// <summary>Starts a program as an ordinary child, its output on ours.</summary>
    /// <param name="executable">A path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    public Process StartAttached(string executable, IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(machine.Find(executable) ?? executable, arguments))
        ?? throw new PipelineException(ErrorCode.LocalCloudFailed, $"{executable} could not be started.");
}

/// <summary>A program that was started detached.</summary>
/// <param name="pidFile">Where it wrote its process id; removed in the end.</param>
public sealed class DetachedProcess(string pidFile) : IDisposable
{
    /// <summary>Its process id; null until it has started.</summary>
    public int? Pid => pid ??= ReadPid();

    /// <summary>Whether it ran and has ended.</summary>
    public bool HasEnded => Pid is { } id && !LiveProcesses.Has(id);

    private int? pid;

    /// <summary>Removes the file with its id; the program runs on.</summary>
    public void Dispose() => File.Delete(pidFile);

    private int? ReadPid()
    {
        if (!File.Exists(pidFile))
            return null;
        return int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture);
    }
}
