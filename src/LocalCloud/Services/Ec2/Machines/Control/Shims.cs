namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Control;

/// <summary>
/// The commands of LocalCloud's own that stand first in an instance's <c>PATH</c>. Each hands its arguments to LocalCloud
/// by a file and waits for the answer, so that nothing on the machine outside the instance's root directory is touched.
/// </summary>
internal static class Shims
{
    private static readonly string[] Commands = ["systemctl", "shutdown", "poweroff", "halt", "reboot", "cloud-init", "hostnamectl", .. DiskCommands.Names];

    // Arguments end in NUL, so that they may hold anything. The answer's first line is the exit code and the stream.
    private const string Script =
        """
        #!/bin/sh
        # LocalCloud's {command}: asks LocalCloud to do it for the instance whose root directory is DESTDIR.
        control={control}
        command={command}
        if [ -z "${DESTDIR:-}" ]; then
          echo "$command: DESTDIR is not set, so this is no instance of LocalCloud" >&2
          exit 1
        fi
        umask 077
        request="$control/$(basename "$(dirname "$DESTDIR")").$command.$$"
        { printf '%s\0' "$DESTDIR" "$command"; for argument; do printf '%s\0' "$argument"; done; } > "$request.tmp"
        mv "$request.tmp" "$request.request" || exit 1
        tries=0
        while [ ! -f "$request.reply" ]; do
          tries=$((tries + 1))
          if [ "$tries" -gt 6000 ]; then
            rm -f "$request.request"
            echo "$command: LocalCloud does not answer" >&2
            exit 1
          fi
          sleep 0.02
        done
        { read -r code stream; if [ "$stream" = err ]; then cat >&2; else cat; fi; } < "$request.reply"
        rm -f "$request.reply"
        exit "$code"
        """;

    /// <summary>Writes them into a directory.</summary>
    public static void Write(string directory, string controlDirectory)
    {
        Directory.CreateDirectory(directory);
        var control = $"'{controlDirectory.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        foreach (var command in Commands)
        {
            // Beside it first: an instance of an earlier LocalCloud may be running the old one just now.
            var path = Path.Combine(directory, command);
            File.WriteAllText(path + ".new", Script.Replace("{command}", command, StringComparison.Ordinal).Replace("{control}", control, StringComparison.Ordinal) + "\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
