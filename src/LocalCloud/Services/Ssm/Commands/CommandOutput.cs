using System.Globalization;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>What a script left: its files, and its output as Systems Manager shows it.</summary>
/// <param name="Directory">Of one invocation.</param>
internal sealed record CommandOutput(string Directory)
{
    private const int LongestContent = 24_000;
    private const int LongestPluginOutput = 2_500;
    private const string Truncated = "--output truncated--";
    private const string ErrorTitle = "\n----------ERROR-------\n";

    public string Script => Path.Combine(Directory, "script.sh");

    public string StandardOutput => Path.Combine(Directory, "stdout");

    public string StandardError => Path.Combine(Directory, "stderr");

    public string ExitCodeFile => Path.Combine(Directory, "exit-code");

    /// <summary>The exit code, once the script has ended.</summary>
    public int? ExitCode => File.Exists(ExitCodeFile) && int.TryParse(File.ReadAllText(ExitCodeFile), CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>Standard output, cut at 24,000 characters.</summary>
    public string OutputContent => Cut(Read(StandardOutput, LongestContent), LongestContent);

    /// <summary>Standard error with the failure, cut at 24,000 characters.</summary>
    public string ErrorContent(InvocationRecord invocation) => Cut(Errors(invocation), LongestContent);

    /// <summary>Both in one, cut at 2,500 characters.</summary>
    public string PluginOutput(InvocationRecord invocation)
    {
        var (output, errors) = (Read(StandardOutput, LongestPluginOutput), Errors(invocation));
        return Cut(errors.Length > 0 ? output + ErrorTitle + errors : output, LongestPluginOutput);
    }

    private string Errors(InvocationRecord invocation)
    {
        var errors = Read(StandardError, LongestContent);
        return invocation.Status is InvocationStatus.Failed && invocation.ResponseCode != 0 ? $"{errors}failed to run commands: exit status {invocation.ResponseCode}" : errors;
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - Truncated.Length)] + Truncated;

    /// <summary>One character more than needed, so that <see cref="Cut"/> sees that there is more.</summary>
    private static string Read(string path, int longest)
    {
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var buffer = new char[longest + 1];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }
}
