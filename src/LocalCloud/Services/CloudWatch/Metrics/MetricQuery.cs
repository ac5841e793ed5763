using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>One line of a set of queries: a metric's statistic, or an expression over others.</summary>
/// <param name="Id">What expressions call it.</param>
/// <param name="Metric">The metric, or null.</param>
/// <param name="Stat">Its statistic.</param>
/// <param name="Math">The expression, or null.</param>
/// <param name="Period">In seconds; of an expression, where it says.</param>
/// <param name="Returns">Whether it is part of the answer.</param>
/// <param name="Label">What it is called in the answer.</param>
internal sealed record MetricQuery(string Id, MetricKey? Metric, string Stat, MetricMath? Math, int? Period, bool Returns, string Label);

/// <summary>A set of queries, as GetMetricData and alarms have them.</summary>
internal sealed class MetricQueries
{
    private readonly Dictionary<string, MetricQuery> byId;

    private MetricQueries(IReadOnlyList<MetricQuery> all)
    {
        All = all;
        byId = all.ToDictionary(query => query.Id, StringComparer.Ordinal);
        foreach (var query in all.Where(query => query.Math is not null))
        {
            // Each refers to lines that come somewhere; a circle would never end.
            if (query.Math!.Ids.FirstOrDefault(id => !byId.ContainsKey(id)) is { } unknown) throw Wrong($"Error in expression '{query.Id}': there is no '{unknown}'.");
            if (IsCircle(query, [])) throw Wrong($"Error in expression '{query.Id}': it refers to itself.");
        }
    }

    public IReadOnlyList<MetricQuery> All { get; }

    /// <summary>The longest period of its metrics, in seconds.</summary>
    public int Period => All.Max(query => query.Period) ?? 60;

    /// <summary>Reads <c>MetricDataQueries</c>.</summary>
    /// <exception cref="AwsException">They are not valid.</exception>
    public static MetricQueries Parse(IReadOnlyList<JsonObject> written)
    {
        var queries = written.Select(Query).ToList();
        if (queries.Select(query => query.Id).Distinct(StringComparer.Ordinal).Count() < queries.Count) throw Wrong("The ids of the queries must differ.");
        return new MetricQueries(queries);
    }

    /// <summary>The one query of a plain metric.</summary>
    public static MetricQueries Of(MetricKey metric, string stat, int period) => new([new MetricQuery("m1", metric, stat, null, period, true, metric.Name)]);

    /// <summary>A query's value over a span of time; null if there is none.</summary>
    public double? Value(MetricQuery query, MetricStore store, long from, long to) => query.Math is { } math
        ? math.Evaluate(id => Value(byId[id], store, from, to))
        : store.Find(query.Metric!)?.Between(from, to)?.Statistic(query.Stat);

    private bool IsCircle(MetricQuery query, HashSet<string> above)
    {
        if (query.Math is null) return false;
        if (!above.Add(query.Id)) return true;
        var found = query.Math.Ids.Any(id => IsCircle(byId[id], above));
        above.Remove(query.Id);
        return found;
    }

    private static MetricQuery Query(JsonObject written)
    {
        var id = written.Required("Id");
        if (!char.IsAsciiLetterLower(id[0]) || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) throw Wrong($"The id '{id}' must begin with a small letter, and have letters, digits and underscores.");
        var (stat, expression) = (written.Structure("MetricStat"), written.Text("Expression"));
        if (stat is null == expression is null) throw Wrong($"The query '{id}' must have one of MetricStat and Expression.");
        var returns = written.Flag("ReturnData") ?? true;
        if (stat is null) return new MetricQuery(id, null, "", Math(expression!), written.Number("Period"), returns, written.Text("Label") ?? id);
        var name = stat.Required("Stat");
        if (!Statistics.Simple.Contains(name) && Statistics.PercentileOf(name) is null) throw Wrong($"LocalCloud has no statistic '{name}'.");
        var metric = stat.Structure("Metric") ?? [];
        var key = MetricKey.Of(metric.Required("Namespace"), metric.Required("MetricName"), MetricShapes.Dimensions(metric));
        return new MetricQuery(id, key, name, null, MetricShapes.Period(stat.Number("Period") ?? 0), returns, written.Text("Label") ?? key.Name);
    }

    private static MetricMath Math(string expression)
    {
        try
        {
            return MetricMath.Parse(expression);
        }
        catch (FormatException wrong)
        {
            throw Wrong(wrong.Message);
        }
    }

    private static AwsException Wrong(string message) => new("ValidationError", message);
}
