using System.Diagnostics;

namespace SyncStorage.TestSupport;

/// <summary>The Pythons of this machine: it may have several, each with packages of its own.</summary>
public static class Python
{
    private static readonly string[] Interpreters = ["python3", "/usr/local/bin/python3", "/usr/bin/python3"];

    /// <summary>The program whose <paramref name="module"/> is the newest (it must have a <c>__version__</c>); null if none has it.</summary>
    public static async Task<string?> WithAsync(string module)
    {
        var found = new List<(Version Version, string Program)>();
        foreach (var candidate in Interpreters.Where(path => path == "python3" || File.Exists(path)))
        {
            // What stands in PATH may be a script that looks for the program each time.
            if (await RunAsync(candidate, ["-c", $"import sys, {module}; print({module}.__version__, sys.executable)"]) is (0, var output)
                && output.Trim().Split(' ', 2) is [var text, var program] && Version.TryParse(text, out var version))
            {
                found.Add((version, program));
            }
        }

        return found.Count == 0 ? null : found.Max().Program;
    }

    /// <summary>Where they are looked for, for a message.</summary>
    public static string LookedFor => string.Join(", ", Interpreters);

    internal static async Task<(int ExitCode, string Output)?> RunAsync(string python, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode is 0 or 1 ? await output : await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}
