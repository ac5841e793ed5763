using System.Globalization;
using Amazon.CloudWatch.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>The pure comparison of an alarm with what it should be.</summary>
internal static class AlarmPlan
{
    /// <summary>What differs; empty if nothing does.</summary>
    /// <param name="wanted">As it should be.</param>
    /// <param name="seen">As it is.</param>
    /// <param name="topic">Whom it should tell, or null.</param>
    public static IReadOnlyList<ValueChange> Differences(DesiredAlarm wanted, MetricAlarm seen, string? topic) => ValueChange.Where(
    [
        new ValueChange("looks at", Text(LinesOf(seen)), Text(wanted.Lines)),
        new ValueChange("rings", Rings(seen.ComparisonOperator?.Value, seen.Threshold, seen.DatapointsToAlarm ?? seen.EvaluationPeriods, seen.EvaluationPeriods), Rings(wanted.Comparison, wanted.Threshold, wanted.ToAlarm, wanted.Periods)),
        new ValueChange("without data", seen.TreatMissingData ?? "missing", wanted.Missing),
        new ValueChange("tells", Told(seen), topic is null ? "nobody" : $"{topic}, and when it is over"),
        new ValueChange("description", seen.AlarmDescription, wanted.Description),
    ]);

    /// <summary>The request that makes it so.</summary>
    public static PutMetricAlarmRequest Request(DesiredAlarm wanted, string? topic, ResourceTags? tags)
    {
        List<string> told = topic is null ? [] : [topic];
        return new PutMetricAlarmRequest
        {
            AlarmName = wanted.Name,
            AlarmDescription = wanted.Description,
            ActionsEnabled = true,
            AlarmActions = told,
            OKActions = told,
            ComparisonOperator = wanted.Comparison,
            Threshold = wanted.Threshold,
            EvaluationPeriods = wanted.Periods,
            DatapointsToAlarm = wanted.ToAlarm,
            TreatMissingData = wanted.Missing,
            Metrics = [.. wanted.Lines.Select((line, index) => Query(line, isLast: index == wanted.Lines.Count - 1))],
            Tags = tags?.ToCloudWatch(),
        };
    }

    private static MetricDataQuery Query(AlarmLine line, bool isLast) => line.Metric is { } metric
        ? new MetricDataQuery { Id = line.Id, ReturnData = isLast, MetricStat = new MetricStat { Metric = metric.ToAws(), Period = line.PeriodSeconds, Stat = line.Statistic } }
        : new MetricDataQuery { Id = line.Id, ReturnData = isLast, Expression = line.Statistic };

    private static List<AlarmLine> LinesOf(MetricAlarm seen)
    {
        // Somebody may have made it one of the plain kind.
        if (seen.Metrics is not { Count: > 0 } queries)
            return seen.MetricName is null ? [] : [new AlarmLine("m1", NameOf(seen.Namespace, seen.MetricName, seen.Dimensions), seen.Statistic?.Value ?? seen.ExtendedStatistic, seen.Period ?? 0)];
        return [.. queries.OrderBy(query => query.ReturnData != false).Select(query => query.MetricStat is { } stat
            ? new AlarmLine(query.Id, NameOf(stat.Metric.Namespace, stat.Metric.MetricName, stat.Metric.Dimensions), stat.Stat, stat.Period ?? 0)
            : new AlarmLine(query.Id, null, query.Expression, 60))];
    }

    private static MetricName NameOf(string space, string name, List<Dimension>? dimensions) => dimensions switch
    {
        null or [] => new MetricName(space, name, null, null),
        [var one] => new MetricName(space, name, one.Name, one.Value),
        var several => new MetricName(space, name, string.Join(',', several.Select(one => one.Name)), string.Join(',', several.Select(one => one.Value))),
    };

    // The order of what is only read does not matter.
    private static string Text(IReadOnlyList<AlarmLine> lines) =>
        lines.Count == 1 ? lines[0].ToString() : string.Join("; ", lines.Take(lines.Count - 1).OrderBy(line => line.Id, StringComparer.Ordinal).Concat(lines.TakeLast(1)).Select(line => $"{line.Id} = {line}"));

    private static string Rings(string? comparison, double? threshold, int? toAlarm, int? periods) =>
        string.Create(CultureInfo.InvariantCulture, $"{comparison} {threshold}, {toAlarm} of {periods} times");

    private static string Told(MetricAlarm seen)
    {
        if (seen.ActionsEnabled == false) return "nobody: its actions are off";
        var (rings, over) = (seen.AlarmActions ?? [], seen.OKActions ?? []);
        if (rings.Count == 0 && over.Count == 0) return "nobody";
        return rings.SequenceEqual(over) ? $"{string.Join(", ", rings)}, and when it is over" : $"{string.Join(", ", rings)}; {string.Join(", ", over)} when it is over";
    }
}
