using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Alarms;

/// <summary>When an alarm rings.</summary>
/// <param name="Queries">What is looked at.</param>
/// <param name="Watched">The one of them that is compared.</param>
/// <param name="Threshold">With what.</param>
/// <param name="Comparison">E.g. <c>GreaterThanThreshold</c>.</param>
/// <param name="Periods">How many periods are looked at.</param>
/// <param name="ToAlarm">How many of them must breach.</param>
/// <param name="Missing">What a period without data is: <c>missing</c>, <c>ignore</c>, <c>breaching</c>, <c>notBreaching</c>.</param>
internal sealed record AlarmRule(MetricQueries Queries, MetricQuery Watched, double Threshold, string Comparison, int Periods, int ToAlarm, string Missing)
{
    private static readonly string[] Comparisons = ["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"];
    private static readonly string[] Missings = ["breaching", "notBreaching", "ignore", "missing"];

    /// <summary>The length of a period, in seconds.</summary>
    public int Period => Queries.Period;

    /// <summary>Reads what an alarm was put with.</summary>
    /// <exception cref="AwsException">It is not valid, or nothing that LocalCloud watches.</exception>
    public static AlarmRule Parse(JsonObject settings)
    {
        if (settings["EvaluationCriteria"] is not null || settings["ThresholdMetricId"] is not null) throw Wrong("LocalCloud has alarms on metrics and thresholds only.");
        var comparison = settings.Text("ComparisonOperator") ?? throw Wrong("The parameter ComparisonOperator must be specified.");
        if (!Comparisons.Contains(comparison)) throw Wrong($"The value '{comparison}' at 'comparisonOperator' must be one of {string.Join(", ", Comparisons)}.");
        var missing = settings.Text("TreatMissingData") ?? "missing";
        if (!Missings.Contains(missing)) throw Wrong($"The value '{missing}' at 'treatMissingData' must be one of {string.Join(", ", Missings)}.");
        var periods = settings.Number("EvaluationPeriods") ?? throw Wrong("The parameter EvaluationPeriods must be specified.");
        var toAlarm = settings.Number("DatapointsToAlarm") ?? periods;
        if (toAlarm > periods) throw Wrong("The parameter DatapointsToAlarm must be less than or equal to the parameter EvaluationPeriods.");
        if (settings[nameof(Threshold)] is not { } threshold) throw Wrong("The parameter Threshold must be specified.");
        var queries = QueriesOf(settings);
        if (queries.All.Count(query => query.Returns) != 1) throw Wrong("Exactly one element of the metrics list should return data.");
        if ((long)periods * queries.Period > 7 * 86400) throw Wrong("Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).");
        return new AlarmRule(queries, queries.All.Single(query => query.Returns), (double)threshold, comparison, periods, toAlarm, missing);
    }

    public bool Breaches(double value) => Comparison switch
    {
        "GreaterThanOrEqualToThreshold" => value >= Threshold,
        "GreaterThanThreshold" => value > Threshold,
        "LessThanThreshold" => value < Threshold,
        _ => value <= Threshold,
    };

    private static MetricQueries QueriesOf(JsonObject settings)
    {
        if (settings.Structures("Metrics") is { Count: > 0 } written)
        {
            if (settings["MetricName"] is not null) throw Wrong("An alarm has either MetricName or Metrics.");
            return MetricQueries.Parse(written);
        }

        if (settings.Text("Namespace") is not { } space || settings.Text("MetricName") is not { } name) throw Wrong("An alarm wants Namespace and MetricName, or Metrics.");
        var (plain, percentile) = (settings.Text("Statistic"), settings.Text("ExtendedStatistic"));
        if (plain is null == percentile is null) throw Wrong("Exactly one of Statistic and ExtendedStatistic must be specified.");
        if (plain is not null && !Statistics.Simple.Contains(plain)) throw Wrong($"There is no statistic '{plain}'.");
        if (percentile is not null && Statistics.PercentileOf(percentile) is null) throw Wrong($"LocalCloud has no extended statistic '{percentile}'.");
        return MetricQueries.Of(
            MetricKey.Of(space, name, MetricShapes.Dimensions(settings)), (plain ?? percentile)!, MetricShapes.Period(settings.Number("Period") ?? throw Wrong("The parameter Period must be specified.")));
    }

    private static AwsException Wrong(string message) => new("ValidationError", message);
}
