using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>What a dbnode uses of AWS.</summary>
internal interface ICloud
{
    /// <summary>The value of a SecureString.</summary>
    Task<Secret> ReadSecretAsync(string parameter, CancellationToken cancellationToken);

    /// <summary>Writes an object of the cluster's bucket.</summary>
    Task PutAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Reads an object of the cluster's bucket; null if there is none. To be disposed.</summary>
    Task<Stream?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Begins a snapshot of the data volume; it is of the time of the call.</summary>
    /// <param name="tags">Its tags, besides those that all of the cluster's have.</param>
    /// <param name="cancellationToken">Leaves it open whether there is one.</param>
    Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <summary>This dbnode's automatic snapshots.</summary>
    Task<IReadOnlyList<NodeSnapshot>> SnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>Removes a snapshot; one that is gone is no error.</summary>
    Task DeleteSnapshotAsync(string id, CancellationToken cancellationToken);
}

/// <summary>An automatic snapshot.</summary>
/// <param name="Id">E.g. <c>snap-0123…</c>.</param>
/// <param name="TakenAt">What time it is of.</param>
/// <param name="Timeline">Of which history.</param>
internal sealed record NodeSnapshot(string Id, DateTimeOffset TakenAt, string Timeline);

/// <summary>The tags by which snapshots are known; the pipeline reads the same.</summary>
internal static class SnapshotTags
{
    public const string Node = "Node";

    /// <summary><see cref="Automatic"/>, or what else it was made for.</summary>
    public const string Kind = "Kind";

    public const string Automatic = "automatic";

    /// <summary>What time it is of, as <see cref="RestoreRequest.TimeFormat"/>.</summary>
    public const string TakenAt = "TakenAt";

    public const string Timeline = "Timeline";

    /// <summary>The first binary log that has what came after it.</summary>
    public const string FirstLog = "FirstLog";
}
