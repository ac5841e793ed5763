using System.Globalization;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Alarms;

/// <summary>What an alarm's rule says of the data of a moment.</summary>
/// <param name="State">The state that it is in; null to stay as it is.</param>
/// <param name="Reason">Why.</param>
internal sealed record AlarmVerdict(string? State, string Reason);

/// <summary>Judges data by an alarm's rule, as AWS does: the newest whole periods, some more where data is missing.</summary>
internal static class AlarmEvaluation
{
    // AWS looks back some periods further than it was told to, since data comes late.
    private const int MorePeriods = 2;

    /// <summary>Judges.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="store">The figures.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="period">How many seconds a period of the rule lasts here.</param>
    public static AlarmVerdict Judge(AlarmRule rule, MetricStore store, long now, long period)
    {
        var end = now - (now % period);
        List<(long From, double? Value)> points = [];
        for (var back = 1; back <= rule.Periods + MorePeriods; back++)
            points.Add((end - (back * period), rule.Queries.Value(rule.Watched, store, end - (back * period), end - ((back - 1) * period))));
        return Judge(rule, points);
    }

    /// <summary>Judges the values of periods, the newest first.</summary>
    public static AlarmVerdict Judge(AlarmRule rule, IReadOnlyList<(long From, double? Value)> points)
    {
        var real = points.Where(point => point.Value is not null).Select(point => (point.From, Value: point.Value!.Value)).Take(rule.Periods).ToList();
        var missing = rule.Periods - real.Count;
        var breaching = real.Count(point => rule.Breaches(point.Value));
        var state = rule.Missing switch
        {
            _ when missing == 0 => StateOf(breaching >= rule.ToAlarm),
            "breaching" => StateOf(breaching + missing >= rule.ToAlarm),
            "notBreaching" => StateOf(breaching >= rule.ToAlarm),
            "ignore" => breaching >= rule.ToAlarm ? AlarmRecord.Alarm : real.Count - breaching > rule.Periods - rule.ToAlarm ? AlarmRecord.Ok : null,
            _ when real.Count == 0 => AlarmRecord.Insufficient,
            _ => StateOf(breaching >= Math.Min(rule.ToAlarm, real.Count)),
        };
        return new AlarmVerdict(state, ReasonOf(rule, state, real, missing, breaching));
    }

    private static string StateOf(bool rings) => rings ? AlarmRecord.Alarm : AlarmRecord.Ok;

    private static string ReasonOf(AlarmRule rule, string? state, List<(long From, double Value)> real, int missing, int breaching)
    {
        if (state == AlarmRecord.Insufficient) return $"Insufficient Data: {missing} datapoint{(missing == 1 ? " was" : "s were")} unknown.";
        var shown = string.Join(", ", real.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Value:R} ({DateTimeOffset.FromUnixTimeSeconds(point.From):dd/MM/yy HH:mm:ss})")));
        var (count, was) = state == AlarmRecord.Alarm ? (breaching, "was") : (real.Count - breaching, "was not");
        var filled = missing > 0 && rule.Missing is "breaching" or "notBreaching" ? $" and {missing} missing datapoint{(missing == 1 ? "" : "s")} treated as [{(rule.Missing == "breaching" ? "Breaching" : "NonBreaching")}]" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Threshold Crossed: {count} out of the last {rule.Periods} datapoints [{shown}]{filled} {was} {Words(rule.Comparison)} the threshold ({rule.Threshold:R}) (minimum {rule.ToAlarm} datapoint{(rule.ToAlarm == 1 ? "" : "s")} for OK -> ALARM transition).");
    }

    private static string Words(string comparison) => comparison switch
    {
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "GreaterThanThreshold" => "greater than",
        "LessThanThreshold" => "less than",
        _ => "less than or equal to",
    };
}
