using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.State;

/// <summary>Ensure-Bucket: the cluster's bucket, private, encrypted, and rid of what is temporary.</summary>
public sealed class BucketStage : IPlannedStage
{
    private readonly IClients clients;
    private readonly ClusterNames names;
    private readonly ClusterBucket bucket;
    private readonly EnvironmentSettings settings;
    private readonly Waiter waiter;
    private readonly IProgress progress;
    private readonly Memo<ObservedBucket?> seen;

    /// <summary>Reads nothing yet.</summary>
    public BucketStage(IClients clients, ClusterNames names, ClusterBucket bucket, EnvironmentSettings settings, Waiter waiter, IProgress progress)
    {
        (this.clients, this.names, this.bucket, this.settings, this.waiter, this.progress) = (clients, names, bucket, settings, waiter, progress);
        seen = new(token => ObservedBucket.ReadAsync(clients, bucket.Name, token));
    }

    // A dbnode's binary logs are of use as long as the oldest snapshot that is kept, which is a day older than the days.
    private const int DaysOfSnapshots = 2;

    /// <summary>The lifecycle rules that the bucket needs, by id, with the prefix of what expires and after how many days.</summary>
    private Dictionary<string, (string Prefix, int Days)> LifecycleRules
    {
        get
        {
            var rules = new Dictionary<string, (string Prefix, int Days)> { ["expire-bake"] = (ImageBuilder.ReportPrefix, 1) };
            foreach (var node in settings.InstanceNodes) rules[$"expire-binary-logs-{node.Name}"] = ($"dbnodes/{node.Name}/", node.BackupDays + DaysOfSnapshots);
            return rules;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var name = bucket.Name;
        var observed = await seen.GetAsync(cancellationToken);
        return [.. Compare(observed, name, names.Cluster).SelectMany(part => Values(part, observed)).Select(value =>
            PlannedChange.Of(observed is null ? ChangeKind.Create : ChangeKind.Update, $"bucket {name}", value))];
    }

    /// <summary>Brings the bucket to what it should be.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var name = bucket.Name;
        var observed = await seen.GetAsync(cancellationToken);
        var differences = Compare(observed, name, names.Cluster);
        if (differences.Count == 0) progress.Found($"bucket {name} is as it should be");
        foreach (var part in differences)
        {
            await SetAsync(part, name, observed, cancellationToken);
            progress.Changed($"bucket {name}: {string.Join(", ", Values(part, observed))}");
        }
    }

    /// <summary>Whether there is a bucket, for what comes before everything else: the lock. The rest of it is made by <see cref="RunAsync"/>.</summary>
    /// <param name="make">Whether to make it if there is none; of two who do at once, both succeed.</param>
    /// <param name="cancellationToken">Ends the wait for a new one to be known.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    public async Task<bool> ExistsAsync(bool make, CancellationToken cancellationToken)
    {
        if (await seen.GetAsync(cancellationToken) is { } observed)
        {
            Compare(observed, bucket.Name, names.Cluster);
            return true;
        }

        if (!make) return false;
        using (CallRecorder.BeforeLock()) await AwsErrors.UnlessExistsAsync(() => SetAsync(BucketPart.Existence, bucket.Name, null, cancellationToken));
        progress.Changed($"bucket {bucket.Name}: created");
        await waiter.UntilAsync($"bucket {bucket.Name} to be known", settings.Waits.Pace(settings.Waits.InstanceSeconds), async token =>
            await seen.RefreshAsync(token) is null ? Poll.NotYet<bool>("not known yet") : Poll.Done(true), cancellationToken);
        return true;
    }

    /// <summary>The parts that differ, in the order in which they are set.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    internal IReadOnlyList<BucketPart> Compare(ObservedBucket? observed, string name, string cluster)
    {
        if (observed is null) return [BucketPart.Existence, BucketPart.PublicAccess, BucketPart.Encryption, BucketPart.Lifecycle, BucketPart.Tags];

        // A run that was killed right after the creation leaves a bucket without tags: the name alone says whose it is.
        if (observed.Tags.Count > 0 && !ResourceTags.AreOurs(observed.Tags, cluster))
            throw new PipelineException(
                ErrorCode.NotOurs, $"There is a bucket {name} that this cluster did not make.", hint: "Choose another cluster name, or remove its tags to adopt it.");

        var parts = new List<BucketPart>();
        if (!observed.PublicAccessBlocked) parts.Add(BucketPart.PublicAccess);
        if (!observed.Encrypted) parts.Add(BucketPart.Encryption);
        if (!LifecycleRules.All(rule => observed.LifecycleRules.GetValueOrDefault(rule.Key) is { } found && ObservedBucket.Describe(found) == Describe(rule.Value))) parts.Add(BucketPart.Lifecycle);
        if (ResourceTags.Of(cluster, "state").Missing(observed.Tags).Values.Count > 0) parts.Add(BucketPart.Tags);
        return parts;
    }

    private static string Describe((string Prefix, int Days) rule) => ObservedBucket.Describe(Expiring("", rule));

    private IReadOnlyList<ValueChange> Values(BucketPart part, ObservedBucket? observed) => part switch
    {
        BucketPart.Existence => [new("bucket", null, "created")],
        BucketPart.PublicAccess => [new("public access", observed is null ? null : "not blocked", "blocked")],
        BucketPart.Encryption => [new("encryption by default", observed is null ? null : "off", "on")],
        BucketPart.Lifecycle => ValueChange.Where(LifecycleRules.Select(rule => new ValueChange(
            $"lifecycle rule {rule.Key}", observed?.LifecycleRules.GetValueOrDefault(rule.Key) is { } found ? ObservedBucket.Describe(found) : null, Describe(rule.Value)))),
        BucketPart.Tags => [.. ResourceTags.Of(names.Cluster, "state").Missing(observed?.Tags ?? new Dictionary<string, string>()).Values
            .Select(tag => new ValueChange($"tag {tag.Key}", observed?.Tags.GetValueOrDefault(tag.Key), tag.Value))],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    // What others added, rules and tags, is sent along: these calls replace all there are.
    private Task SetAsync(BucketPart part, string name, ObservedBucket? observed, CancellationToken cancellationToken) => part switch
    {
        BucketPart.Existence => clients.S3.PutBucketAsync(new PutBucketRequest { BucketName = name, UseClientRegion = true }, cancellationToken),
        BucketPart.PublicAccess => clients.S3.PutPublicAccessBlockAsync(
            new PutPublicAccessBlockRequest
            {
                BucketName = name,
                PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
                {
                    BlockPublicAcls = true,
                    BlockPublicPolicy = true,
                    IgnorePublicAcls = true,
                    RestrictPublicBuckets = true,
                },
            },
            cancellationToken),
        BucketPart.Encryption => clients.S3.PutBucketEncryptionAsync(
            new PutBucketEncryptionRequest
            {
                BucketName = name,
                ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
                {
                    ServerSideEncryptionRules =
                    [
                        new ServerSideEncryptionRule
                        {
                            ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AES256 },
                        },
                    ],
                },
            },
            cancellationToken),
        BucketPart.Lifecycle => clients.S3.PutLifecycleConfigurationAsync(
            new PutLifecycleConfigurationRequest
            {
                BucketName = name,
                Configuration = new LifecycleConfiguration { Rules = [.. Others(observed), .. LifecycleRules.Select(rule => Expiring(rule.Key, rule.Value))] },
            },
            cancellationToken),
        BucketPart.Tags => clients.S3.PutBucketTaggingAsync(
            new PutBucketTaggingRequest { BucketName = name, TagSet = [.. (observed?.Tags ?? new Dictionary<string, string>()).Where(tag => !ResourceTags.Of(names.Cluster, "state").Values.ContainsKey(tag.Key)).Select(tag => new Tag { Key = tag.Key, Value = tag.Value }), .. ResourceTags.Of(names.Cluster, "state").ToS3()] }, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private IEnumerable<LifecycleRule> Others(ObservedBucket? observed) => observed is null ? [] : observed.LifecycleRules.Values.Where(rule => !LifecycleRules.ContainsKey(rule.Id));

    private static LifecycleRule Expiring(string id, (string Prefix, int Days) rule) => new()
    {
        Id = id,
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = rule.Prefix } },
        Expiration = new LifecycleRuleExpiration { Days = rule.Days },
        AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 1 },
    };
}
