using System.Runtime.InteropServices;

namespace SyncStorage.LocalCloud.Processes;

/// <summary>Sends signals: the runtime itself can only kill.</summary>
internal static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Freeze = 19;

    /// <summary>Signals a process group. False if it has no process any more.</summary>
    public static bool SendToGroup(int leader, int signal) => Send(-leader, signal);

    /// <summary>Signals one process. False if it is gone.</summary>
    public static bool SendTo(int pid, int signal) => Send(pid, signal);

    /// <summary>Reads a signal's name as unit files write it, e.g. <c>SIGINT</c> or <c>INT</c>.</summary>
    public static int Parse(string name) => (name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name) switch
    {
        "HUP" => Hangup,
        "INT" => Interrupt,
        "QUIT" => Quit,
        "KILL" => Kill,
        "USR1" => User1,
        "USR2" => User2,
        "TERM" => Terminate,
        var other => throw new FormatException($"The signal '{other}' is not known here."),
    };

    private static bool Send(int target, int signal)
    {
        // 0, 1 and -1 would address our own group, init, or every process of the user.
        if (target is >= -1 and <= 1) throw new ArgumentOutOfRangeException(nameof(target), target, "This is no process that we started.");
        return kill(target, signal) == 0;
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
