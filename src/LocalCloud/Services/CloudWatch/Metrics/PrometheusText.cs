using System.Globalization;
using System.Text;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>
/// All figures in Prometheus' text format: of each series, e.g. <c>aws_elb_request_count</c>, <c>_sum</c> and <c>_samples</c> since LocalCloud started,
/// and the one that came last.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<MetricSeries> all)
    {
        var text = new StringBuilder();
        foreach (var group in all.GroupBy(series => Snake(series.Key.Space) + "_" + Snake(series.Key.Name)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var members = group.Select(series => (Labels: Labels(series.Key), series.Total)).OrderBy(member => member.Labels, StringComparer.Ordinal).ToList();
            Write(text, $"{group.Key}_sum", "counter", members.Select(member => (member.Labels, member.Total.Sum)));
            Write(text, $"{group.Key}_samples", "counter", members.Select(member => (member.Labels, member.Total.Count)));
            Write(text, group.Key, "gauge", members.Select(member => (member.Labels, member.Total.Last)));
        }

        return text.ToString();
    }

    /// <summary>E.g. <c>http_code_backend_5xx</c> of <c>HTTPCode_Backend_5XX</c>.</summary>
    internal static string Snake(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (!char.IsAsciiLetterOrDigit(c))
            {
                if (text.Length > 0 && text[^1] != '_') text.Append('_');
                continue;
            }

            // A capital begins a word after a small letter, and where a small one follows it: CPUUtilization, HTTPCode.
            var begins = char.IsAsciiLetterUpper(c) && i > 0
                && (char.IsAsciiLetterLower(name[i - 1]) || (char.IsAsciiLetterUpper(name[i - 1]) && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1])));
            if (begins && text[^1] != '_') text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string type, IEnumerable<(string Labels, double Value)> members)
    {
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        foreach (var (labels, value) in members) text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value:R}\n");
    }

    private static string Labels(MetricKey key) =>
        key.Pairs.Count == 0 ? "" : $"{{{string.Join(',', key.Pairs.Select(pair => $"{Snake(pair.Name)}=\"{Escape(pair.Value)}\""))}}}";

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
