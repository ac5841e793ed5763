using System.Text.RegularExpressions;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The commands that GitHub's workflows run, for tests that run them here.</summary>
internal static partial class Workflows
{
    /// <summary>The arguments of a job's commands, in their order.</summary>
    /// <param name="file">The workflow, e.g. <c>ci.yml</c>.</param>
    /// <param name="job">The job's name in it.</param>
    public static IReadOnlyList<string> CommandsOf(string file, string job)
    {
        var text = File.ReadAllText(Path.Combine(Cluster.Root, ".github", "workflows", file));
        var jobs = Job().Split(text[text.IndexOf("\njobs:\n", StringComparison.Ordinal)..]);
        return [.. Command().Matches(jobs.Single(one => one.StartsWith($"{job}:\n", StringComparison.Ordinal))).Select(match => match.Groups[1].Value)];
    }

    /// <summary>A command as the workflow's shell sees it where no more options were typed, but for the environment, which each cluster names itself.</summary>
    /// <param name="command">As <see cref="CommandsOf"/> gives it.</param>
    /// <param name="variables">What its variables stand for.</param>
    /// <returns>The target, and the other arguments.</returns>
    public static (string Target, string[] Arguments) Expand(string command, IReadOnlyDictionary<string, string> variables)
    {
        var words = Variable().Replace(command.Replace(" \"${options[@]}\"", "", StringComparison.Ordinal), match => variables[match.Groups[1].Value]).Split(' ').Where(word => !word.StartsWith("--environment=", StringComparison.Ordinal)).ToList();
        var target = words.Single(word => word.StartsWith("--target=", StringComparison.Ordinal));
        return (target["--target=".Length..], [.. words.Where(word => word != target)]);
    }

    [GeneratedRegex("^  (?=[a-z-]+:\\n)", RegexOptions.Multiline)]
    private static partial Regex Job();

    [GeneratedRegex("^ +(?:run: )?exec \\./build\\.sh (.+)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("\"\\$([A-Z_]+)\"")]
    private static partial Regex Variable();
}
