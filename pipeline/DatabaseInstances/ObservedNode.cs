using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>A dbnode on EC2, as it is.</summary>
/// <param name="Volume">Its database; null if it has none.</param>
/// <param name="Instance">The instance that runs for that volume; null if none does.</param>
/// <param name="Others">Instances of it that run for nothing: stopped ones, and those of another volume.</param>
/// <param name="Retired">Its volumes of before a restore.</param>
public sealed record ObservedNode(Volume? Volume, Instance? Instance, IReadOnlyList<Instance> Others, IReadOnlyList<Volume> Retired)
{
    /// <summary>As what a data volume is attached.</summary>
    public const string Device = "/dev/sdf";

    /// <summary>Finds a node's among all volumes and instances of the cluster.</summary>
    /// <param name="node">The dbnode's name.</param>
    /// <param name="volumes">All volumes.</param>
    /// <param name="instances">All instances.</param>
    public static ObservedNode Of(string node, IEnumerable<Volume> volumes, IEnumerable<Instance> instances)
    {
        var own = volumes.Where(volume => volume.TagOf("Role") == NodeTags.Role && volume.TagOf(NodeTags.Node) == node && volume.TagOf(NodeTags.Generation) is not null)
            .OrderByDescending(volume => volume.TagOf(NodeTags.Generation), StringComparer.Ordinal).ToList();
        var current = own.FirstOrDefault();
        var running = instances.Where(instance => instance.TagOf("Role") == NodeTags.Role && instance.TagOf(NodeTags.Node) == node).ToList();
        var serving = running.FirstOrDefault(instance =>
            current is not null && instance.TagOf(NodeTags.Volume) == current.VolumeId && (instance.State.Name == InstanceStateName.Running || instance.State.Name == InstanceStateName.Pending));
        return new ObservedNode(current, serving, [.. running.Where(instance => instance != serving)], [.. own.Skip(1)]);
    }

    /// <summary>Whether the volume is attached to the instance that is for it.</summary>
    public bool IsAttached => Volume is not null && Instance is not null && (Volume.Attachments ?? []).Exists(attachment => attachment.InstanceId == Instance.InstanceId);

    /// <summary>For people, as far as EC2 knows it.</summary>
    public string Status => this switch
    {
        { Volume: null } => "missing",
        { Instance: null } => "without instance",
        { IsAttached: true, Instance.State.Name.Value: "running" } => "available",
        _ => "starting",
    };

    /// <summary>What <c>init-db</c> made in it; null for nothing.</summary>
    public string? Initialized => Volume?.TagOf(Database.DatabasePlan.InitializedTag);

    /// <summary>What differs from the settings, for people and for what follows from it.</summary>
    /// <param name="name">The database's name.</param>
    /// <param name="node">The dbnode as wanted.</param>
    /// <param name="imageId">The image as wanted; null if it is not baked yet.</param>
    /// <param name="cluster">The cluster's name.</param>
    internal IEnumerable<PlannedChange> Compare(string name, DatabaseNodeSettings node, string? imageId, string cluster)
    {
        var resource = $"database {name}";
        if (Volume is null)
        {
            yield return new PlannedChange(
                ChangeKind.Create, resource, $"MariaDB on EC2, {node.InstanceType}, {node.StorageGiB} GiB, backups {node.BackupDays} days, {node.Hosts.Count} virtual hostnames");
            yield break;
        }

        foreach (var other in Others) yield return new PlannedChange(ChangeKind.Delete, $"instance {other.InstanceId}", $"{other.State.Name.Value}, and no database is served by it");
        if (Volume.Size < node.StorageGiB) yield return Wanted(resource, new ValueChange("storage", $"{Volume.Size} GiB", $"{node.StorageGiB} GiB"), "an EBS volume is grown by hand: docs/operations.md");
        if (Instance is null) yield return new PlannedChange(ChangeKind.Replace, resource, "its instance, which is gone; the volume goes over to another one");
        else if (!IsAttached) yield return new PlannedChange(ChangeKind.Update, resource, $"volume {Volume.VolumeId} attached to {Instance.InstanceId}");
        if (Instance is null) yield break;
        foreach (var change in Replacing(node, imageId)) yield return Wanted(resource, change, $"downtime: wants --approve={cluster}");
    }

    /// <summary>What only another instance could have.</summary>
    internal IEnumerable<ValueChange> Replacing(DatabaseNodeSettings node, string? imageId)
    {
        if (Instance is null) yield break;
        if (Instance.InstanceType.Value != node.InstanceType) yield return new ValueChange("instance type", Instance.InstanceType.Value, node.InstanceType);
        if (imageId is not null && Instance.ImageId != imageId) yield return new ValueChange("image", Instance.ImageId, imageId);
    }

    private static PlannedChange Wanted(string resource, ValueChange value, string note) => PlannedChange.Of(ChangeKind.Update, resource, value) with { Note = note };
}
