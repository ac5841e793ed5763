using System.Globalization;
using System.Net;
using System.Text;

namespace SyncStorage.Pipeline.Reporting;

/// <summary><c>report.html</c>: the run as a timeline, in one file that needs nothing else.</summary>
internal static class ReportHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#8884;--bar:#3b82c4;--wait:#e0a84a;--bad:#c0392b;--good:#2e8b57}
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
        .n{text-align:right;font-variant-numeric:tabular-nums}.lane{position:relative;height:1.1rem;min-width:18rem;background:#8881}
        .bar,.wait{position:absolute;top:0;height:100%;min-width:2px;background:var(--bar);border-radius:2px}.wait{top:60%;height:40%;background:var(--wait)}
        .bad{color:var(--bad)}.bar.bad{background:var(--bad)}.good{color:var(--good)}pre{white-space:pre-wrap;background:#8881;padding:.6rem}
        """;

    public static string Render(ReportDocument document, IReadOnlyList<StageRecord> stages)
    {
        var html = new StringBuilder();
        var title = $"{document.Cluster ?? "Deployment"}: {document.Result}";
        html.Append($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Text(title)}</title><style>{Style}</style></head><body>");
        html.Append($"<h1>{Text(document.Cluster ?? "Deployment")}: <span class=\"{(document.ExitCode == 0 ? "good" : "bad")}\">{Text(document.Result)}</span></h1>");
        Facts(html, document);
        Error(html, document.Error);
        Timeline(html, stages);
        Changes(html, document.Stages);
        Webheads(html, document.Webheads);
        Calls(html, document.ApiCalls);
        return html.Append("</body></html>\n").ToString();
    }

    private static void Facts(StringBuilder html, ReportDocument document)
    {
        html.Append("<dl>");
        foreach (var (name, value) in ((string, string?)[])
        [
            ("environment", document.Environment), ("release", document.Release), ("bundle", document.BundleDigest),
            ("image", document.ImageId), ("serves at", document.LoadBalancerUrl?.ToString()), ("exit code", $"{document.ExitCode}"),
        ])
        {
            if (value is not null)
                html.Append($"<dt>{name}</dt><dd>{Text(value)}</dd>");
        }

        html.Append("</dl>");
    }

    private static void Error(StringBuilder html, ReportError? error)
    {
        if (error is null)
            return;
        html.Append($"<h2 class=\"bad\">{Text(error.Code)}</h2><pre>{Text(error.Message)}</pre>");
        if (error.LastSeen is { } seen)
            html.Append($"<p>Last seen:</p><pre>{Text(seen)}</pre>");
        if (error.Hint is { } hint)
            html.Append($"<p>Next: {Text(hint)}</p>");
    }

    private static void Timeline(StringBuilder html, IReadOnlyList<StageRecord> stages)
    {
        if (stages.Count == 0)
            return;
        var from = stages.Min(stage => stage.StartedAt);
        var whole = stages.Max(stage => stage.StartedAt + stage.Elapsed) - from;
        html.Append($"<h2>Timeline: {whole.ForPeople()}, from {from.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}</h2><table>");
        foreach (var stage in stages)
        {
            html.Append($"<tr><td>{Text(stage.Name)}</td><td class=\"n\">{stage.Elapsed.ForPeople()}</td><td style=\"width:60%\"><div class=\"lane\">");
            Bar(html, stage.Failed ? "bar bad" : "bar", stage.StartedAt - from, stage.Elapsed, whole, stage.Name);
            foreach (var wait in stage.Waits)
                Bar(html, "wait", wait.StartedAt - from, wait.Elapsed, whole, $"waited for {wait.What}: {wait.LastSeen}");
            html.Append("</div></td></tr>");
        }

        html.Append("</table>");
    }

    private static void Bar(StringBuilder html, string kind, TimeSpan start, TimeSpan length, TimeSpan whole, string title)
    {
        var total = Math.Max(whole.TotalSeconds, 0.001);
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"{kind}\" style=\"left:{100 * start.TotalSeconds / total:0.##}%;width:{100 * length.TotalSeconds / total:0.##}%\" title=\"{Text($"{title} ({length.ForPeople()})")}\"></div>");
    }

    private static void Changes(StringBuilder html, IReadOnlyList<ReportStage> stages)
    {
        html.Append("<h2>Changes</h2>");
        if (stages.All(stage => stage.Changes.Count == 0))
            html.Append("<p>None.</p>");
        foreach (var stage in stages.Where(stage => stage.Changes.Count > 0))
            html.Append($"<p>{Text(stage.Name)}</p><ul>{string.Concat(stage.Changes.Select(change => $"<li>{Text(change)}</li>"))}</ul>");
    }

    private static void Webheads(StringBuilder html, IReadOnlyList<ReportWebhead> webheads)
    {
        if (webheads.Count == 0)
            return;
        html.Append("<h2>Webheads</h2><table><tr><th>id</th><th>release</th><th>serving</th><th>heartbeat</th></tr>");
        foreach (var webhead in webheads)
            html.Append($"<tr><td>{Text(webhead.Id)}</td><td>{Text(webhead.Release)}</td><td>{(webhead.Serving ? "yes" : "no")}</td><td>{Text(webhead.Heartbeat)}</td></tr>");
        html.Append("</table>");
    }

    private static void Calls(StringBuilder html, ReportApiCalls calls)
    {
        html.Append($"<h2>AWS calls: {calls.Reading} reading ({calls.Polls} polls), {calls.Mutating} mutating, {calls.Remote} remote, {calls.State} state</h2>");
        html.Append("<table><tr><th>service</th><th>operation</th><th>kind</th><th class=\"n\">calls</th><th class=\"n\">retries</th></tr>");
        foreach (var one in calls.ByOperation)
            html.Append($"<tr><td>{Text(one.Service)}</td><td>{Text(one.Operation)}</td><td>{one.Kind.ToString().ToLowerInvariant()}</td><td class=\"n\">{one.Count}</td><td class=\"n\">{one.Retries}</td></tr>");
        html.Append("</table>");
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
