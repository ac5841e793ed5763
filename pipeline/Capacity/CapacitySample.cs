using SyncStorage.Pipeline.Database;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>What the dbnodes had at a time.</summary>
/// <param name="At">When.</param>
/// <param name="Nodes">Those that could be asked, by name.</param>
public sealed record CapacitySample(DateTimeOffset At, IReadOnlyDictionary<string, NodeUsage> Nodes);

/// <summary>The samples that are kept, oldest first; fewer the older they are, so that the document stays small however often it is looked.</summary>
/// <param name="Samples">The samples.</param>
public sealed record CapacitySamples(IReadOnlyList<CapacitySample> Samples)
{
    private static readonly TimeSpan AllFor = TimeSpan.FromDays(2);
    private static readonly TimeSpan DailyFor = TimeSpan.FromDays(90);
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(3 * 365);

    /// <summary>The format of this document.</summary>
    public int Format { get; init; } = 1;

    /// <summary>These and one more: one an hour of the last days, then one a day, then one a week, for three years.</summary>
    public CapacitySamples With(CapacitySample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return this with
        {
            Samples =
            [
                .. Samples.Append(sample).Where(one => sample.At - one.At <= LongestKept)
                    .GroupBy(one => Slot(one.At, sample.At)).Select(slot => slot.Key.Length == TimeSpan.FromHours(1) ? slot.MaxBy(one => one.At)! : slot.MinBy(one => one.At)!)
                    .OrderBy(one => one.At),
            ],
        };
    }

    private static (TimeSpan Length, long Number) Slot(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        var length = age <= AllFor ? TimeSpan.FromHours(1) : age <= DailyFor ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7);
        return (length, at.UtcTicks / length.Ticks);
    }
}
