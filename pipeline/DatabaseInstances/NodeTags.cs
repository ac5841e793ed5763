using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>
/// The tags by which volumes, snapshots and instances of dbnodes are known. Of several volumes of a node the one with the greatest generation is the
/// database; the others are what it was before a restore.
/// </summary>
internal static class NodeTags
{
    /// <summary>The role of what makes up a dbnode.</summary>
    public const string Role = "dbnode";

    /// <summary>The role of an instance and a volume that are being restored: they are nothing yet.</summary>
    public const string Restoring = "dbnode-restore";

    /// <summary>The dbnode's name.</summary>
    public const string Node = "Node";

    /// <summary>When a volume was made, so that it can be compared.</summary>
    public const string Generation = "Generation";

    /// <summary>The volume of an instance.</summary>
    public const string Volume = "Volume";

    /// <summary>What a snapshot was made for.</summary>
    public const string Kind = "Kind";

    /// <summary>One that a dbnode made by itself, and removes by itself.</summary>
    public const string Automatic = "automatic";

    /// <summary>What is left of a dbnode that was removed.</summary>
    public const string Final = "final";

    /// <summary>What time a snapshot is of.</summary>
    public const string TakenAt = "TakenAt";

    /// <summary>The history that a snapshot is of.</summary>
    public const string Timeline = "Timeline";

    /// <summary>The first binary log that has what came after a snapshot.</summary>
    public const string FirstLog = "FirstLog";

    /// <summary>The tags that everything of a dbnode carries.</summary>
    public static ResourceTags Of(ClusterNames names, string node, string role = Role) =>
        ResourceTags.Of(names.Cluster, role).With("Name", $"{names.Cluster}-{node}").With(Node, node);

    /// <summary>A tag's value, or null.</summary>
    public static string? TagOf(this Amazon.EC2.Model.Volume volume, string key) => volume.Tags?.Find(tag => tag.Key == key)?.Value;

    /// <summary>A tag's value, or null.</summary>
    public static string? TagOf(this Amazon.EC2.Model.Snapshot snapshot, string key) => snapshot.Tags?.Find(tag => tag.Key == key)?.Value;
}
