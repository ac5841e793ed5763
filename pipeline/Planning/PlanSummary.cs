using System.Text;

namespace SyncStorage.Pipeline.Planning;

/// <summary>A plan as Markdown, for GitHub's job summary: there those look who are asked whether it may be carried out.</summary>
internal static class PlanSummary
{
    /// <summary>The changes by resource, in the order in which they are made.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="environment">The environment's name.</param>
    /// <param name="changes">The plan.</param>
    public static string Markdown(string cluster, string environment, IReadOnlyList<PlannedChange> changes)
    {
        var text = new StringBuilder($"### Plan for {cluster} ({environment}): ");
        if (changes.Count == 0)
            return text.Append("nothing to change\n\n").ToString();

        text.Append($"{changes.Count} change{(changes.Count == 1 ? "" : "s")}\n\n```diff\n");
        foreach (var change in changes)
            text.Append($"{Sign(change.Kind)} {OneLine($"{change.Resource}: {change.Text}{(change.Note is { } note ? $" ({note})" : "")}")}\n");
        return text.Append("```\n\n").ToString();
    }

    // What GitHub colours; an exclamation mark is orange.
    private static char Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Create => '+',
        ChangeKind.Delete => '-',
        ChangeKind.Update or ChangeKind.Replace => '!',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // Nothing in a value ends the block.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace("```", "'''", StringComparison.Ordinal);
}
