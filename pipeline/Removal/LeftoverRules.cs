using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Removal;

/// <summary>
/// What is left over: pure functions over what carries the cluster's tags. They may assume that no deployment runs, for who sweeps holds the
/// lock; one that was killed may be resumed, though, and what its next run would go on with is spared.
/// </summary>
public static class LeftoverRules
{
    /// <summary>Documents before the current one that are kept in any case.</summary>
    internal const int ConfigurationsKept = 10;

    private const string BundlePrefix = "bundles/";

    /// <summary>Builders and admin instances, and the webheads of a rollout that is over and that the load balancer does not know.</summary>
    /// <param name="instances">The cluster's instances of all roles.</param>
    /// <param name="fleet">Its webheads, with the load balancer's word.</param>
    /// <param name="journal">The last deployment, or null.</param>
    /// <param name="minHealthy">Webheads are spared while fewer than these serve: somebody may want to put them back.</param>
    public static IReadOnlyList<Leftover> Instances(IReadOnlyList<Instance> instances, IReadOnlyList<Webhead> fleet, JournalDocument? journal, int minHealthy)
    {
        var temporary = instances.Where(instance => instance.TagOf("Role") is "builder" or "admin" or NodeTags.Restoring)
            .Select(instance => new Leftover(LeftoverKind.Instance, instance.InstanceId, $"{instance.TagOf("Role")} instance, and no deployment runs", At(instance.LaunchTime)));
        return [.. temporary, .. OfRollouts(ServiceRole.Webhead, instances, fleet, journal, minHealthy)];
    }

    /// <summary>The token servers of a rollout that is over and that their load balancer does not know; all of them, where the settings have none any more.</summary>
    /// <param name="instances">The cluster's instances of all roles.</param>
    /// <param name="fleet">The token servers, with their load balancer's word; null where the settings have none.</param>
    /// <param name="journal">The last deployment, or null.</param>
    public static IReadOnlyList<Leftover> TokenServers(IReadOnlyList<Instance> instances, IReadOnlyList<Webhead>? fleet, JournalDocument? journal) => fleet is null
        ? [.. instances.Where(instance => instance.TagOf("Role") == ServiceRole.TokenServer.Tag)
            .Select(instance => new Leftover(LeftoverKind.Instance, instance.InstanceId, "token server, and the settings have none", At(instance.LaunchTime)))]
        : [.. OfRollouts(ServiceRole.TokenServer, instances, fleet, journal, minHealthy: 1)];

    private static IEnumerable<Leftover> OfRollouts(ServiceRole role, IReadOnlyList<Instance> instances, IReadOnlyList<Webhead> fleet, JournalDocument? journal, int minHealthy)
    {
        if (journal is { Open: true } || fleet.Count(webhead => webhead.Verdict.IsServing) < Math.Max(1, minHealthy)) return [];
        var deployments = instances.ToDictionary(instance => instance.InstanceId, instance => instance.TagOf("Deployment"));
        return fleet.Where(webhead => !webhead.Verdict.IsRegistered && deployments.GetValueOrDefault(webhead.Id) is not null)
            .Select(webhead => new Leftover(
                LeftoverKind.Instance, webhead.Id, $"{role.Noun} of deployment {deployments[webhead.Id]}, which is over; not behind the load balancer", webhead.Launched));
    }

    /// <summary>Images that are neither retained nor in use.</summary>
    public static IReadOnlyList<Leftover> Images(IReadOnlyList<Image> images, IReadOnlySet<string> inUse, int retain) =>
    [
        .. ImageRetention.Superfluous(images, inUse, retain).Select(image => new Leftover(
            LeftoverKind.Image, image.ImageId,
            image.State == ImageState.Failed ? "failed" : image.TagOf(ImageCatalog.VerifiedTag) is { } release ? $"release {release}, beyond the {retain} retained" : "never passed a boot test",
            At(image.CreationDate))),
    ];

    /// <summary>Snapshots that no image has, but for those of dbnodes' volumes: they are backups. While one is being made, that can't be known.</summary>
    public static IReadOnlyList<Leftover> Snapshots(IReadOnlyList<Snapshot> snapshots, IReadOnlyList<Image> images)
    {
        if (images.Any(image => image.State == ImageState.Pending)) return [];
        var used = images.SelectMany(image => image.BlockDeviceMappings ?? []).Select(mapping => mapping.Ebs?.SnapshotId).ToHashSet();
        return [.. snapshots.Where(snapshot => snapshot.TagOf(NodeTags.Node) is null && !used.Contains(snapshot.SnapshotId))
            .Select(snapshot => new Leftover(LeftoverKind.Snapshot, snapshot.SnapshotId, "its image is gone", At(snapshot.StartTime)))];
    }

    /// <summary>What builders reported, and the bundles of releases whose images are gone.</summary>
    /// <param name="objects">The bucket's objects.</param>
    /// <param name="releases">The releases whose images stay.</param>
    public static IReadOnlyList<Leftover> Objects(IReadOnlyList<StoredObject> objects, IReadOnlySet<string> releases) =>
    [
        .. objects.Where(item => item.Key.StartsWith(ImageBuilder.ReportPrefix, StringComparison.Ordinal))
            .Select(item => new Leftover(LeftoverKind.BucketObject, item.Key, "of a bake that is over", item.ModifiedAt)),
        .. objects.Where(item => IsBundle(item.Key) && !releases.Any(release => release.EndsWith(item.Key[BundlePrefix.Length..][..12], StringComparison.Ordinal)))
            .Select(item => new Leftover(LeftoverKind.BucketObject, item.Key, "bundle of a release without an image", item.ModifiedAt)),
    ];

    /// <summary>Old configuration documents that no rollback could want.</summary>
    /// <param name="objects">The bucket's objects.</param>
    /// <param name="current">The current version; null if there is none: then all stay.</param>
    /// <param name="releases">The releases whose images stay.</param>
    /// <param name="history">The deployments.</param>
    public static IReadOnlyList<Leftover> Configurations(
        IReadOnlyList<StoredObject> objects, int? current, IReadOnlySet<string> releases, IReadOnlyList<HistoryEntry> history)
    {
        if (current is not { } version) return [];
        var wanted = history.Where(entry => entry.Release is { } release && releases.Contains(release)).Select(entry => entry.Configuration).ToHashSet();
        return
        [
            .. objects.Select(item => (Item: item, Version: ConfigStore.VersionOf(item.Key)))
                .Where(document => document.Version <= version - ConfigurationsKept && !wanted.Contains(document.Version))
                .Select(document => new Leftover(LeftoverKind.BucketObject, document.Item.Key, $"{version - document.Version} versions behind the current one", document.Item.ModifiedAt)),
        ];
    }

    private static bool IsBundle(string key) => key.StartsWith(BundlePrefix, StringComparison.Ordinal) && key.Length > BundlePrefix.Length + 12;

    private static DateTimeOffset? At(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime(), TimeSpan.Zero) : null;

    private static DateTimeOffset? At(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var known) ? known : null;
}
