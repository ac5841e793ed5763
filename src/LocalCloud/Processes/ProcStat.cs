using System.Globalization;

namespace SyncStorage.LocalCloud.Processes;

/// <summary>What <c>/proc/&lt;pid&gt;/stat</c> says of a process.</summary>
/// <param name="State">The one-letter state; <c>Z</c> and <c>X</c> are dead.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session's leader.</param>
/// <param name="StartTicks">When it started, in ticks after the machine's boot.</param>
/// <param name="ProcessorTicks">The processor time that it has used, its own and the system's for it, in ticks.</param>
internal sealed record ProcStat(char State, int Group, int Session, long StartTicks, long ProcessorTicks)
{
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>Reads it, or gives null if there is no such process.</summary>
    public static ProcStat? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process ended before or while it was read (ESRCH is an IOException).
            return null;
        }
    }

    /// <summary>Parses a line of the form <c>pid (name) S ppid …</c>; the name may hold blanks and parentheses.</summary>
    public static ProcStat Parse(string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcStat(
            fields[0][0],
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            long.Parse(fields[19], CultureInfo.InvariantCulture),
            long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
    }
}
