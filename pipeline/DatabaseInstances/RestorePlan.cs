using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>To which time, and from which snapshot: pure functions of what was asked for and what backups there are.</summary>
internal static class RestorePlan
{
    /// <summary>The time that is asked for.</summary>
    /// <param name="text">E.g. <c>2026-03-01T12:00:00Z</c>; null for the last that can be had.</param>
    /// <param name="reach">Whatever was committed before is in the bucket; null if nothing is.</param>
    /// <param name="name">The database's name.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BadArgument"/>; <see cref="ErrorCode.RestoreOutOfReach"/>.</exception>
    public static DateTimeOffset Time(string? text, DateTimeOffset? reach, string name)
    {
        if (reach is not { } last)
            throw new PipelineException(ErrorCode.RestoreOutOfReach, $"There are no binary logs of the database {name} in the bucket.", hint: "Nothing was changed.");
        if (text is null) return Whole(last);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var to))
            throw new PipelineException(ErrorCode.BadArgument, $"--to must be a time like {NodeRestore.Text(last)}, and is \"{text}\".");
        if (to > last)
            throw new PipelineException(
                ErrorCode.RestoreOutOfReach, $"The backups of the database {name} reach {NodeRestore.Text(last)}, and not {NodeRestore.Text(to)}.",
                hint: "Leave --to out for the last time that can be had. Nothing was changed.");
        return Whole(to);
    }

    /// <summary>The newest snapshot before a time.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RestoreOutOfReach"/>: there is none.</exception>
    public static Snapshot Choose(IReadOnlyList<Snapshot> snapshots, DateTimeOffset to, string name)
    {
        var usable = snapshots.Where(snapshot => snapshot.State == SnapshotState.Completed && snapshot.TagOf(NodeTags.Timeline) is not null && TakenAt(snapshot) is not null)
            .OrderByDescending(TakenAt).ToList();
        if (usable.FirstOrDefault(snapshot => TakenAt(snapshot) <= to) is { } found) return found;
        throw new PipelineException(
            ErrorCode.RestoreOutOfReach, usable.Count == 0
                ? $"The database {name} has no snapshot that could be restored."
                : $"The oldest snapshot of the database {name} is of {NodeRestore.Text(TakenAt(usable[^1])!.Value)}, and not before {NodeRestore.Text(to)}.",
            hint: "Nothing was changed.");
    }

    /// <summary>The data volumes of restores that were not finished. What an instance of one started from has its role, too, also when that one serves by now.</summary>
    public static IReadOnlyList<Volume> Leftovers(IEnumerable<Volume> volumes) =>
        [.. volumes.Where(volume => volume.TagOf("Role") == NodeTags.Restoring && volume.TagOf(NodeTags.Generation) is not null)];

    /// <summary>Of what time a snapshot is; null if that is not known.</summary>
    public static DateTimeOffset? TakenAt(Snapshot snapshot) => DateTimeOffset.TryParseExact(
        snapshot.TagOf(NodeTags.TakenAt), NodeRestore.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // Binary logs know seconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
