using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>The operations of metrics.</summary>
internal sealed partial class CloudWatchService
{
    private const int MostData = 1000;
    private const int MostPoints = 100_800;
    private const int MostPointsOfStatistics = 1440;
    private const int PageOfMetrics = 500;
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(14);
    private static readonly TimeSpan Youngest = TimeSpan.FromHours(2);

    private ApiResult PutMetricData(ApiCall call)
    {
        var space = call.Input.Required("Namespace");
        if (space.StartsWith("AWS/", StringComparison.Ordinal)) throw MetricShapes.Wrong("The value AWS/ for parameter Namespace is invalid: it is reserved for AWS.");
        var data = call.Input.Structures("MetricData");
        if (data.Count > MostData) throw MetricShapes.Wrong($"The parameter MetricData must have at most {MostData} members.");

        // All are read before the first is kept.
        var read = data.Select(datum => (Key: MetricKey.Of(space, datum.Required("MetricName"), MetricShapes.Dimensions(datum)), When: When(datum), Unit: MetricShapes.Unit(datum), Figures: Read(datum))).ToList();
        foreach (var (key, when, unit, figures) in read)
            metrics.Of(key, unit ?? "None").Add(when, unit, sum => sum.Add(figures), figures.Sum / figures.Count);
        return ApiResult.Empty;
    }

    private DateTimeOffset When(JsonObject datum)
    {
        var now = context.Time.GetUtcNow();
        if (datum.Text("Timestamp") is not { } text) return now;
        var when = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        return when > now + Youngest || when < now - Oldest
            ? throw MetricShapes.Wrong("The parameter Timestamp must specify a time within the past two weeks and not more than two hours in the future.")
            : when;
    }

    private static Figures Read(JsonObject datum)
    {
        var figures = new Figures();
        var values = datum["Values"] as JsonArray;
        var (value, set) = (datum["Value"], datum.Structure("StatisticValues"));
        if (new[] { value is not null, set is not null, values is not null }.Count(given => given) != 1)
            throw new AwsException("InvalidParameterCombination", "At least one of the parameters Value, Values and StatisticValues must be specified, and no two of them.");
        if (value is not null)
        {
            figures.Add((double)value);
        }
        else if (set is not null)
        {
            if ((double)set["SampleCount"]! <= 0) throw MetricShapes.Wrong("The parameter StatisticValues.SampleCount must be greater than 0.");
            figures.AddSet((double)set["SampleCount"]!, (double)set["Sum"]!, (double)set["Minimum"]!, (double)set["Maximum"]!);
        }
        else
        {
            var counts = datum["Counts"] as JsonArray;
            if (values!.Count is 0 or > 150 || (counts is not null && counts.Count != values.Count)) throw MetricShapes.Wrong("The parameters Values and Counts must be of the same size, 1 to 150.");
            for (var i = 0; i < values.Count; i++) figures.Add((double)values[i]!, counts is null ? 1 : (double)counts[i]!);
        }

        return figures.Count > 0 && double.IsFinite(figures.Sum) ? figures : throw MetricShapes.Wrong("The parameter Value must be a finite number.");
    }

    private ApiResult GetMetricData(ApiCall call)
    {
        var queries = MetricQueries.Parse(call.Input.Structures("MetricDataQueries"));
        var (start, end) = Range(call.Input);
        var descending = call.Input.Text("ScanBy") != "TimestampAscending";
        var results = new JsonArray();
        foreach (var query in queries.All.Where(query => query.Returns))
        {
            var points = Points(start, end, query.Period ?? queries.Period, MostPoints, (from, to) => queries.Value(query, metrics, from, to));
            if (descending) points.Reverse();
            results.Add(new JsonObject
            {
                ["Id"] = query.Id,
                ["Label"] = query.Label,
                ["Timestamps"] = points.Select(point => At(point.From)).ToJson(),
                ["Values"] = new JsonArray([.. points.Select(point => (JsonNode)point.Value)]),
                ["StatusCode"] = "Complete",
            });
        }

        return new JsonObject { ["MetricDataResults"] = results };
    }

    private ApiResult GetMetricStatistics(ApiCall call)
    {
        var key = MetricKey.Of(call.Input.Required("Namespace"), call.Input.Required("MetricName"), MetricShapes.Dimensions(call.Input));
        var names = call.Input.Texts("Statistics");
        var extended = call.Input.Texts("ExtendedStatistics");
        if (names.Count == 0 == (extended.Count == 0)) throw new AwsException("InvalidParameterCombination", "Either Statistics or ExtendedStatistics must be specified, but not both.");
        if (names.Find(name => !Statistics.Simple.Contains(name)) is { } unknown) throw MetricShapes.Wrong($"The value {unknown} for parameter Statistics is invalid.");
        if (extended.Find(name => Statistics.PercentileOf(name) is null) is { } odd) throw MetricShapes.Wrong($"The value {odd} for parameter ExtendedStatistics is invalid.");
        var (start, end) = Range(call.Input);
        var series = metrics.Find(key);
        var points = Points(start, end, MetricShapes.Period(call.Input.Number("Period")!.Value), MostPointsOfStatistics, (from, to) => series?.Between(from, to));
        return new JsonObject
        {
            ["Label"] = key.Name,
            ["Datapoints"] = points.Select(point =>
            {
                var shown = new JsonObject { ["Timestamp"] = At(point.From), ["Unit"] = series!.Unit };
                foreach (var name in names) shown[name] = point.Value.Statistic(name);
                if (extended.Count > 0) shown["ExtendedStatistics"] = new JsonObject(extended.Select(name => KeyValuePair.Create(name, (JsonNode?)point.Value.Statistic(name))));
                return shown;
            }).ToJson(),
        };
    }

    private ApiResult ListMetrics(ApiCall call)
    {
        var wanted = call.Input.Structures("Dimensions").Select(filter => (Name: filter.Required("Name"), Value: filter.Text("Value"))).ToList();
        var (space, name) = (call.Input.Text("Namespace"), call.Input.Text("MetricName"));
        var since = call.Input.Text("RecentlyActive") is null ? DateTimeOffset.MinValue : context.Time.GetUtcNow() - TimeSpan.FromHours(3);
        var found = metrics.All
            .Where(series => (space is null || series.Key.Space == space) && (name is null || series.Key.Name == name) && series.IsActiveSince(since))
            .Where(series => wanted.All(filter => series.Key.Pairs.Any(pair => pair.Name == filter.Name && (filter.Value is null || pair.Value == filter.Value))))
            .OrderBy(series => series.Key.Space, StringComparer.Ordinal).ThenBy(series => series.Key.Name, StringComparer.Ordinal).ThenBy(series => series.Key.Dimensions, StringComparer.Ordinal)
            .ToList();
        var skip = call.Input.Text("NextToken") is { } token
            ? int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : throw MetricShapes.Wrong("The parameter NextToken is not valid.")
            : 0;
        var output = new JsonObject
        {
            ["Metrics"] = found.Skip(skip).Take(PageOfMetrics)
                .Select(series => new JsonObject { ["Namespace"] = series.Key.Space, ["MetricName"] = series.Key.Name, ["Dimensions"] = series.Key.ToDimensions() }).ToJson(),
        };
        if (found.Count > skip + PageOfMetrics) output["NextToken"] = (skip + PageOfMetrics).ToString(CultureInfo.InvariantCulture);
        return output;
    }

    private static (long Start, long End) Range(JsonObject input)
    {
        var start = DateTimeOffset.Parse(input.Required("StartTime"), CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var end = DateTimeOffset.Parse(input.Required("EndTime"), CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        return start < end ? (start, end) : throw new AwsException("ValidationError", "The parameter StartTime must be less than the parameter EndTime.");
    }

    /// <summary>What there is of each period that begins in the range.</summary>
    private List<(long From, T Value)> Points<T>(long start, long end, int period, int most, Func<long, long, T?> value)
        where T : class =>
        [.. Periods(start, end, period, most).Select(from => (from, value(from, from + period))).Where(point => point.Item2 is not null).Select(point => (point.from, point.Item2!))];

    private List<(long From, double Value)> Points(long start, long end, int period, int most, Func<long, long, double?> value) =>
        [.. Periods(start, end, period, most).Select(from => (from, value(from, from + period))).Where(point => point.Item2 is not null).Select(point => (point.from, point.Item2!.Value))];

    private IEnumerable<long> Periods(long start, long end, int period, int most)
    {
        // Nothing is older than what is kept.
        var first = Math.Max(start, context.Time.GetUtcNow().ToUnixTimeSeconds() - (long)MetricSeries.Coarse.TotalSeconds);
        first -= first % period;
        if ((end - start) / period > most) throw new AwsException("InvalidParameterCombination", $"You have requested more than {most} datapoints: reduce them by a longer Period or a shorter range.");
        for (var from = first; from < end; from += period) yield return from;
    }

    private static string At(long second) => DateTimeOffset.FromUnixTimeSeconds(second).ToTimestamp();
}
