using System.Text;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>Leaves the run's report: <c>report.json</c>, <c>report.html</c>, and GitHub's job summary.</summary>
/// <param name="report">What was collected.</param>
/// <param name="options">Where artifacts go.</param>
/// <param name="gitHub">GitHub's log, or null.</param>
public sealed class ReportWriter(RunReport report, RunOptions options, GitHubLog? gitHub = null)
{
    /// <summary>The folder of the reports.</summary>
    public string Directory => Path.Combine(options.ArtifactsDirectory, "deploy");

    /// <summary>Writes them, replacing those of the last run.</summary>
    /// <param name="failure">What ended the run; null if it succeeded.</param>
    /// <returns>The path of <c>report.json</c>.</returns>
    public string Write(PipelineException? failure)
    {
        var document = report.Document(failure);
        System.IO.Directory.CreateDirectory(Directory);
        var json = Path.Combine(Directory, "report.json");
        Replace(json, document.ToJson());
        Replace(Path.Combine(Directory, "report.html"), ReportHtml.Render(document, report.Stages));
        gitHub?.AppendSummary(Markdown(document));
        return json;
    }

    /// <summary>Adds to GitHub's job summary, where there is one.</summary>
    public void Summarize(string markdown) => gitHub?.AppendSummary(markdown);

    // Who reads while we write sees the last report or this one, never half of one.
    private static void Replace(string file, string text)
    {
        var temporary = file + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, file, overwrite: true);
    }

    internal static string Markdown(ReportDocument document)
    {
        var text = new StringBuilder();
        text.Append($"### {document.Cluster ?? "cluster"} ({document.Environment}): {document.Result}\n\n");
        if (document.Error is { } error)
        {
            text.Append($"**{error.Code}**: {Plain(error.Message)}\n\n");
            if (error.LastSeen is { } seen)
                text.Append($"Last seen: {Plain(seen)}\n\n");
            if (error.Hint is { } hint)
                text.Append($"Next: `{Plain(hint)}`\n\n");
        }

        if (document.Release is { } release)
            text.Append($"Release `{release}`{(document.ImageId is { } image ? $", image `{image}`" : "")}{(document.LoadBalancerUrl is { } url ? $", at {url}" : "")}\n\n");
        text.Append("| stage | time | changes |\n| --- | ---: | ---: |\n");
        foreach (var stage in document.Stages)
            text.Append($"| {Plain(stage.Name)} | {TimeSpan.FromSeconds(stage.Seconds).ForPeople()} | {stage.Changes.Count} |\n");
        if (document.Webheads.Count > 0)
        {
            text.Append("\n| webhead | release | serving | heartbeat |\n| --- | --- | --- | --- |\n");
            foreach (var webhead in document.Webheads)
                text.Append($"| {webhead.Id} | {webhead.Release} | {(webhead.Serving ? "yes" : "no")} | {webhead.Heartbeat} |\n");
        }

        var calls = document.ApiCalls;
        text.Append($"\nAWS calls: {calls.Reading} reading ({calls.Polls} polls), {calls.Mutating} mutating, {calls.Remote} remote, {calls.State} state.\n\n");
        return text.ToString();
    }

    private static string Plain(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal).Replace("<script", "&lt;script", StringComparison.OrdinalIgnoreCase);
}
