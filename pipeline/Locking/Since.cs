namespace SyncStorage.Pipeline.Locking;

/// <summary>
/// A moment to measure from. The monotonic clock of some systems stands still while the machine sleeps; the wall clock does not, but
/// can be set. The longer of the two is the safe one for who believes in a lease, and the shorter for who waits for its end.
/// </summary>
internal readonly record struct Since(long Timestamp, DateTimeOffset Wall)
{
    public static Since Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>How long ago at the most.</summary>
    public TimeSpan Elapsed(TimeProvider time)
    {
        var (monotonic, wall) = (Monotonic(time), time.GetUtcNow() - Wall);
        return monotonic > wall ? monotonic : wall;
    }

    /// <summary>How long ago by the monotonic clock alone.</summary>
    public TimeSpan Monotonic(TimeProvider time) => time.GetElapsedTime(Timestamp);
}
