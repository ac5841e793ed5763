namespace SyncStorage.ServiceHost.Observability;

/// <summary>What kind of request it was, and how it ended. Nothing in it comes from a client, so that there are only so many of them.</summary>
internal readonly record struct RequestKind(string Method, string Route, int Status);

/// <summary>How many requests of one kind there were, and how long they took.</summary>
internal sealed class RequestSeries
{
    /// <summary>The upper bounds of the histogram's buckets, in seconds; the last bucket has none.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly long[] buckets = new long[Bounds.Length + 1];
    private long ticks;

    /// <summary>All of them.</summary>
    public long Count => buckets.Sum();

    /// <summary>What they took together.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    public void Add(TimeSpan elapsed)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && elapsed.TotalSeconds > Bounds[bucket]) bucket++;
        Interlocked.Increment(ref buckets[bucket]);
        Interlocked.Add(ref ticks, elapsed.Ticks);
    }

    /// <summary>How many took at most so long, for each bound and then for all.</summary>
    public IReadOnlyList<long> Cumulative()
    {
        var counts = new long[buckets.Length];
        var sum = 0L;
        for (var i = 0; i < buckets.Length; i++) counts[i] = sum += Interlocked.Read(ref buckets[i]);
        return counts;
    }
}
