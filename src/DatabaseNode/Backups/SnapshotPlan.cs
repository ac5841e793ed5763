namespace SyncStorage.DatabaseNode.Backups;

/// <summary>When a snapshot is due, and which are kept: pure functions of those that there are.</summary>
internal static class SnapshotPlan
{
    /// <summary>Whether it is time for another one. Those of other histories don't count: from none of them a time of this one could be reached.</summary>
    public static bool IsDue(IEnumerable<NodeSnapshot> snapshots, string timeline, DateTimeOffset now, TimeSpan every) =>
        snapshots.Where(snapshot => snapshot.Timeline == timeline).All(snapshot => snapshot.TakenAt + every <= now);

    /// <summary>
    /// Those that go: older than what is kept, but for the newest of these, from which the oldest time that is kept is reached. So the last one never goes.
    /// </summary>
    public static IReadOnlyList<NodeSnapshot> Superfluous(IReadOnlyCollection<NodeSnapshot> snapshots, DateTimeOffset now, int days) =>
        [.. snapshots.Where(snapshot => snapshot.TakenAt < now - TimeSpan.FromDays(days)).OrderByDescending(snapshot => snapshot.TakenAt).Skip(1)];
}
