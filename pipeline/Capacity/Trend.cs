namespace SyncStorage.Pipeline.Capacity;

/// <summary>A value at a time.</summary>
/// <param name="At">When.</param>
/// <param name="Value">What.</param>
public readonly record struct Point(DateTimeOffset At, double Value);

/// <summary>How something grows: the straight line that lies best among what was seen of it.</summary>
/// <param name="Now">The last value seen.</param>
/// <param name="PerDay">How much it grows a day; null if too little was seen to tell.</param>
public sealed record Trend(double Now, double? PerDay)
{
    /// <summary>What lies closer together tells nothing of days.</summary>
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromHours(12);

    private static readonly TimeSpan Farthest = TimeSpan.FromDays(10 * 365);

    /// <summary>The trend of what was seen; null if nothing was.</summary>
    public static Trend? Of(IReadOnlyList<Point> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0) return null;
        var last = points.MaxBy(point => point.At);
        var first = points.MinBy(point => point.At);
        if (last.At - first.At < ShortestSpan) return new Trend(last.Value, null);

        var days = points.Select(point => (point.At - first.At).TotalDays).ToList();
        var (meanDay, meanValue) = (days.Average(), points.Average(point => point.Value));
        var slope = days.Zip(points, (day, point) => (day - meanDay) * (point.Value - meanValue)).Sum() / days.Sum(day => (day - meanDay) * (day - meanDay));
        return new Trend(last.Value, slope);
    }

    /// <summary>When so much more than now will be there; null if that can't be told, or is ten years away or more.</summary>
    /// <param name="headroom">How much more; none is now.</param>
    /// <param name="now">The time.</param>
    public DateTimeOffset? Reaches(double headroom, DateTimeOffset now)
    {
        if (headroom <= 0) return now;
        if (PerDay is not (> 0 and { } perDay)) return null;
        var days = headroom / perDay;
        return days < Farthest.TotalDays ? now + TimeSpan.FromDays(days) : null;
    }
}
