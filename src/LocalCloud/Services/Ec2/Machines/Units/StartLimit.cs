namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>
/// Gives up on a unit that starts too often. It counts in the unit's own time (how long the process ran, plus the
/// restart delay as written), so that the verdict is the one of AWS's pace, however fast the clock goes here.
/// </summary>
internal sealed class StartLimit
{
    private readonly Queue<TimeSpan> starts = new();
    private TimeSpan now;

    /// <summary>Some time of the unit's passed.</summary>
    public void Pass(TimeSpan time) => now += time;

    /// <summary>Whether it may start once more; if so, the start is counted.</summary>
    public bool TryStart(int burst, TimeSpan interval)
    {
        if (burst <= 0 || interval <= TimeSpan.Zero) return true;
        while (starts.Count > 0 && now - starts.Peek() >= interval) starts.Dequeue();
        if (starts.Count >= burst) return false;
        starts.Enqueue(now);
        return true;
    }
}
