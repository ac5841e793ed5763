namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>The figures of one span of time, summed up. Not safe for several threads.</summary>
internal sealed class Figures
{
    // A percentile is right to one per cent.
    private const double Width = 1.02;
    private static readonly double LogWidth = Math.Log(Width);

    private SortedDictionary<int, double>? distribution;

    public double Count { get; private set; }

    public double Sum { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public void Add(double value, double count = 1)
    {
        Spread(value, value, value, count);
        Take(count, value * count, value, value);
    }

    /// <summary>Adds a set of which only the statistics are known: percentiles take its average.</summary>
    public void AddSet(double count, double sum, double minimum, double maximum)
    {
        if (count <= 0) return;
        Spread(sum / count, minimum, maximum, count);
        Take(count, sum, minimum, maximum);
    }

    public void Add(Figures other)
    {
        if (other.Count == 0) return;
        if (other.distribution is { } spread)
        {
            Own();
            foreach (var (step, count) in spread) distribution![step] = distribution.GetValueOrDefault(step) + count;
        }
        else
        {
            Spread(other.Sum / other.Count, other.Minimum, other.Maximum, other.Count);
        }

        Take(other.Count, other.Sum, other.Minimum, other.Maximum);
    }

    /// <summary>A statistic by CloudWatch's name; null if there is none of that name.</summary>
    public double? Statistic(string name) => name switch
    {
        "SampleCount" => Count,
        "Sum" => Sum,
        "Average" => Sum / Count,
        "Minimum" => Minimum,
        "Maximum" => Maximum,
        _ => Statistics.PercentileOf(name) is { } percent ? Percentile(percent) : null,
    };

    private double Percentile(double percent)
    {
        if (distribution is null) return Minimum == Maximum ? Minimum : Sum / Count;
        var rank = percent / 100 * Count;
        double seen = 0;
        foreach (var (step, count) in distribution)
        {
            seen += count;
            if (seen >= rank) return Math.Clamp(step == int.MinValue ? 0 : Math.Exp(step * LogWidth), Minimum, Maximum);
        }

        return Maximum;
    }

    // As long as all are the same, they need no distribution.
    private void Spread(double value, double minimum, double maximum, double count)
    {
        if (distribution is null && minimum == maximum && (Count == 0 || (Minimum == minimum && Maximum == maximum))) return;
        Own();
        distribution![Step(value)] = distribution.GetValueOrDefault(Step(value)) + count;
    }

    private void Own()
    {
        if (distribution is not null) return;
        distribution = [];
        if (Count > 0) distribution[Step(Sum / Count)] = Count;
    }

    private void Take(double count, double sum, double minimum, double maximum)
    {
        (Count, Sum) = (Count + count, Sum + sum);
        (Minimum, Maximum) = (Math.Min(Minimum, minimum), Math.Max(Maximum, maximum));
    }

    private static int Step(double value) => value <= 0 ? int.MinValue : (int)Math.Round(Math.Log(value) / LogWidth);
}

/// <summary>The names of statistics.</summary>
internal static class Statistics
{
    public static readonly IReadOnlyList<string> Simple = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

    /// <summary>E.g. 99.9 of <c>p99.9</c>; null if it is no percentile.</summary>
    public static double? PercentileOf(string name) =>
        name is ['p', .. var rest] && double.TryParse(rest, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var percent)
        && percent is > 0 and <= 100 ? percent : null;
}
