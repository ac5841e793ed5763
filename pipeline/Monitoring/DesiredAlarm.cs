using Amazon.CloudWatch.Model;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>A line of what an alarm looks at: a metric's statistic, or an expression over other lines.</summary>
/// <param name="Id">What expressions call it.</param>
/// <param name="Metric">The metric; null for an expression.</param>
/// <param name="Statistic">Of the metric, e.g. <c>Sum</c> or <c>p95</c>; or the expression.</param>
/// <param name="PeriodSeconds">Of the metric.</param>
internal sealed record AlarmLine(string Id, MetricName? Metric, string Statistic, int PeriodSeconds)
{
    /// <summary>For people.</summary>
    public override string ToString() => Metric is null ? Statistic : $"{Statistic} of {Metric} in {PeriodSeconds} s";
}

/// <summary>A metric's name.</summary>
/// <param name="Space">Its namespace.</param>
/// <param name="Name">E.g. <c>RequestCount</c>.</param>
/// <param name="Dimension">The name of its dimension; null if it has none.</param>
/// <param name="Value">The dimension's value.</param>
internal sealed record MetricName(string Space, string Name, string? Dimension, string? Value)
{
    /// <inheritdoc/>
    public override string ToString() => Dimension is null ? $"{Space} {Name}" : $"{Space} {Name} {Dimension}={Value}";

    /// <summary>CloudWatch's form.</summary>
    public Metric ToAws() => new()
    {
        Namespace = Space,
        MetricName = Name,
        Dimensions = Dimension is null ? [] : [new Dimension { Name = Dimension, Value = Value }],
    };
}

/// <summary>An alarm, as it should be.</summary>
/// <param name="Name">E.g. <c>sync2/errors</c>.</param>
/// <param name="Description">What it means, and what to do.</param>
/// <param name="Lines">What it looks at; the last line is compared.</param>
/// <param name="Periods">How many periods are looked at.</param>
/// <param name="ToAlarm">How many of them must breach.</param>
/// <param name="Comparison">E.g. <c>GreaterThanThreshold</c>.</param>
/// <param name="Threshold">With what it is compared.</param>
internal sealed record DesiredAlarm(string Name, string Description, IReadOnlyList<AlarmLine> Lines, int Periods, int ToAlarm, string Comparison, double Threshold)
{
    /// <summary>What periods without data are.</summary>
    public string Missing { get; init; } = "missing";

    /// <summary>Whether a rollout watches it: a release can be the cause.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Those of a cluster.</summary>
    /// <param name="settings">With monitoring.</param>
    /// <param name="names">The cluster's names.</param>
    public static IReadOnlyList<DesiredAlarm> All(EnvironmentSettings settings, ClusterNames names)
    {
        if (settings.Monitoring is not { Alarms: var alarms }) return [];
        return
        [
            NoHealthyWebhead(names), Errors(names, alarms), Latency(names, alarms),
            .. settings.RdsNodes.SelectMany(node => OfDatabase(node, names, alarms)),
            Evictions(names, alarms),
            .. settings.LoadBalancer.Https is { } https ? [Certificate(https, names, alarms)] : Array.Empty<DesiredAlarm>(),
        ];
    }

    private static MetricName LoadBalancer(ClusterNames names, string metric) => new("AWS/ELB", metric, "LoadBalancerName", names.LoadBalancer);

    private static DesiredAlarm NoHealthyWebhead(ClusterNames names) => new(
        $"{names.AlarmPrefix}no-healthy-webhead", "No webhead is in service: clients get 503. Status shows the fleet; Heal replaces webheads that died.",
        [new AlarmLine("healthy", LoadBalancer(names, "HealthyHostCount"), "Maximum", 60)], 2, 2, "LessThanThreshold", 1)
    { IsWatched = true };

    // Of minutes without errors there is no data of errors; of minutes without requests there is nothing to say.
    private static DesiredAlarm Errors(ClusterNames names, AlarmSettings alarms) => new(
        $"{names.AlarmPrefix}errors", "Too many requests are answered with a status of 500 or more. Logs shows the webheads' errors; Status shows databases and cache.",
        [
            new AlarmLine("backend", LoadBalancer(names, "HTTPCode_Backend_5XX"), "Sum", 60),
            new AlarmLine("balancer", LoadBalancer(names, "HTTPCode_ELB_5XX"), "Sum", 60),
            new AlarmLine("requests", LoadBalancer(names, "RequestCount"), "Sum", 60),
            new AlarmLine("percent", null, FormattableString.Invariant($"IF(requests > {alarms.ErrorRequests}, 100 * (FILL(backend, 0) + FILL(balancer, 0)) / requests, 0)"), 60),
        ],
        3, 2, "GreaterThanThreshold", alarms.ErrorPercent)
    { Missing = "notBreaching", IsWatched = true };

    private static DesiredAlarm Latency(ClusterNames names, AlarmSettings alarms) => new(
        $"{names.AlarmPrefix}latency", "Webheads take too long to answer. Look at the databases' load, and at the webheads' processors.",
        [new AlarmLine("latency", LoadBalancer(names, "Latency"), "p95", 60)], 3, 2, "GreaterThanThreshold", alarms.LatencySeconds)
    { Missing = "notBreaching", IsWatched = true };

    private static IEnumerable<DesiredAlarm> OfDatabase(DatabaseNodeSettings node, ClusterNames names, AlarmSettings alarms)
    {
        const double BytesOfGiB = 1024.0 * 1024 * 1024;
        var database = names.Database(node);
        yield return new DesiredAlarm(
            $"{names.AlarmPrefix}{node.Name}-storage", $"The storage of {database} runs out: a full database takes no more writes. Raise the node's storageGiB.",
            [new AlarmLine("free", new MetricName("AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", database), "Minimum", 300)], 2, 2, "LessThanThreshold",
            Math.Round(node.StorageGiB * BytesOfGiB * alarms.FreeStoragePercent / 100));
        yield return new DesiredAlarm(
            $"{names.AlarmPrefix}{node.Name}-connections", $"{database} has many connections. More webheads, or a release that keeps them too long?",
            [new AlarmLine("connections", new MetricName("AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", database), "Maximum", 60)], 5, 5, "GreaterThanThreshold", alarms.Connections)
        { IsWatched = true };
    }

    private static DesiredAlarm Evictions(ClusterNames names, AlarmSettings alarms) => new(
        $"{names.AlarmPrefix}cache-evictions", "The cache throws out what is still wanted: open tabs get lost, and databases do more. Add cache nodes, or larger ones.",
        [new AlarmLine("evictions", new MetricName("AWS/ElastiCache", "Evictions", "CacheClusterId", names.Cache), "Sum", 300)], 3, 3, "GreaterThanThreshold", alarms.Evictions);

    // ACM tells of its own; of one that IAM keeps nobody does, but for the pipeline. Until it does so again, the last word stands.
    private static DesiredAlarm Certificate(HttpsSettings https, ClusterNames names, AlarmSettings alarms)
    {
        var isAcm = https.CertificateArn?.Split(':')[2] == "acm";
        var metric = isAcm
            ? new MetricName("AWS/CertificateManager", "DaysToExpiry", "CertificateArn", https.CertificateArn)
            : new MetricName(names.MetricNamespace, CertificateFigure.Metric, null, null);
        return new DesiredAlarm(
            $"{names.AlarmPrefix}certificate", "The load balancer's certificate expires soon. ACM renews its own where DNS still proves the names; any other has to be replaced.",
            [new AlarmLine("days", metric, "Minimum", 86400)], 1, 1, "LessThanThreshold", alarms.CertificateDays)
        { Missing = isAcm ? "missing" : "ignore" };
    }
}
