using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.S3;

internal sealed partial class S3Service
{
    private const string ClassicRegion = "us-east-1";
    private const int MostRules = 1000;
    private const int MostTags = 50;

    private static readonly string[] PublicAccessSettings = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

    private ApiResult ListBuckets(ApiCall call)
    {
        var prefix = call.Input.Text("Prefix") ?? "";
        var buckets = store.All.Where(bucket => bucket.State.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(bucket => new JsonObject
            {
                ["Name"] = bucket.State.Name,
                ["CreationDate"] = bucket.State.Created.ToTimestamp(),
                ["BucketRegion"] = cloud.Region,
            });
        return new JsonObject { ["Buckets"] = buckets.ToJson(), ["Owner"] = Owner() };
    }

    private ApiResult CreateBucket(ApiCall call)
    {
        var name = call.Input.Text("Bucket")!;
        if (!S3Store.IsValidName(name)) throw new AwsException("InvalidBucketName", "The specified bucket is not valid.");
        CheckLocation(call.Input.Structure("CreateBucketConfiguration")?.Text("LocationConstraint"));
        var state = new BucketState
        {
            Name = name,
            Created = cloud.Time.GetUtcNow(),
            PublicAccessBlock = new JsonObject(PublicAccessSettings.Select(setting => KeyValuePair.Create(setting, (JsonNode?)true))),
            Tags = call.Input.Structure("CreateBucketConfiguration")?["Tags"]?.DeepClone() as JsonArray,
        };

        // The oldest region answers as if it had made its owner's bucket again; all others refuse.
        if (!store.TryAdd(state) && cloud.Region != ClassicRegion) throw S3Errors.BucketAlreadyOwnedByYou;
        return new JsonObject { ["Location"] = $"/{name}" };
    }

    private void CheckLocation(string? constraint)
    {
        var expected = cloud.Region == ClassicRegion ? null : cloud.Region;
        if (constraint != expected)
        {
            throw new AwsException("IllegalLocationConstraintException",
                $"The {constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.");
        }
    }

    private ApiResult HeadBucket(Bucket bucket, ApiCall call) => new JsonObject { ["BucketRegion"] = cloud.Region };

    private ApiResult DeleteBucket(Bucket bucket, ApiCall call)
    {
        store.Remove(bucket);
        return ApiResult.Empty;
    }

    private ApiResult GetBucketLocation(Bucket bucket, ApiCall call) =>
        cloud.Region == ClassicRegion ? ApiResult.Empty : new JsonObject { ["LocationConstraint"] = cloud.Region };

    private static ApiResult PutPublicAccessBlock(Bucket bucket, ApiCall call)
    {
        bucket.State.PublicAccessBlock = PublicAccess(call.Input.Structure("PublicAccessBlockConfiguration")!);
        bucket.SaveState();
        return ApiResult.Empty;
    }

    private static JsonObject PublicAccess(JsonObject asked) => new(
        PublicAccessSettings.Select(name => KeyValuePair.Create(name, (JsonNode?)(asked.Flag(name) ?? false))));

    private static ApiResult GetPublicAccessBlock(Bucket bucket, ApiCall call) => new JsonObject
    {
        ["PublicAccessBlockConfiguration"] = bucket.State.PublicAccessBlock?.DeepClone()
            ?? throw S3Errors.NotConfigured("NoSuchPublicAccessBlockConfiguration", "public access block configuration"),
    };

    private static ApiResult PutBucketEncryption(Bucket bucket, ApiCall call)
    {
        var configuration = call.Input.Structure("ServerSideEncryptionConfiguration")!;
        if (configuration.Structures("Rules") is not [var rule] || rule.Structure("ApplyServerSideEncryptionByDefault")?.Text("SSEAlgorithm") is null)
            throw WireErrors.MalformedXml;
        bucket.State.Encryption = (JsonObject)configuration.DeepClone();
        bucket.SaveState();
        return ApiResult.Empty;
    }

    // Every bucket is encrypted, whether somebody asked or not.
    private static ApiResult GetBucketEncryption(Bucket bucket, ApiCall call) => new JsonObject
    {
        ["ServerSideEncryptionConfiguration"] = bucket.State.Encryption?.DeepClone() ?? new JsonObject
        {
            ["Rules"] = new JsonArray(new JsonObject
            {
                ["ApplyServerSideEncryptionByDefault"] = new JsonObject { ["SSEAlgorithm"] = "AES256" },
                ["BucketKeyEnabled"] = false,
            }),
        },
    };

    private static string DefaultEncryption(Bucket bucket) =>
        bucket.State.Encryption?.Structures("Rules")[0].Structure("ApplyServerSideEncryptionByDefault")?.Text("SSEAlgorithm") ?? "AES256";

    private static ApiResult PutBucketLifecycle(Bucket bucket, ApiCall call)
    {
        var rules = call.Input.Structure("LifecycleConfiguration")?.Structures("Rules") ?? throw WireErrors.MalformedXml;
        if (rules.Count is 0 or > MostRules) throw WireErrors.MalformedXml;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var kept = new JsonArray();
        foreach (var rule in rules) kept.Add((JsonNode)CheckRule((JsonObject)rule.DeepClone(), ids));
        bucket.State.LifecycleRules = kept;
        bucket.SaveState();
        return new JsonObject { ["TransitionDefaultMinimumObjectSize"] = call.Input.Text("TransitionDefaultMinimumObjectSize") ?? "all_storage_classes_128K" };
    }

    private static JsonObject CheckRule(JsonObject rule, HashSet<string> ids)
    {
        if (rule["ID"] is null) rule["ID"] = Guid.NewGuid().ToString("N");
        if (!ids.Add(rule.Text("ID") ?? "")) throw S3Errors.InvalidArgument("Rule ID must be unique. Found same ID for more than one rule");
        if (rule["Filter"] is null && rule["Prefix"] is null) throw WireErrors.MalformedXml;
        if (rule.Structure("Filter") is { Count: > 1 }) throw WireErrors.MalformedXml;
        string[] actions = ["Expiration", "Transitions", "NoncurrentVersionExpiration", "NoncurrentVersionTransitions", "AbortIncompleteMultipartUpload"];
        if (!actions.Any(rule.ContainsKey)) throw S3Errors.InvalidRequest("At least one action needs to be specified in a rule");
        if (rule.Structure("Expiration")?.Number("Days") is <= 0)
            throw S3Errors.InvalidArgument("'Days' for Expiration action must be a positive integer");
        return rule;
    }

    private static ApiResult GetBucketLifecycle(Bucket bucket, ApiCall call) => new JsonObject
    {
        ["Rules"] = bucket.State.LifecycleRules?.DeepClone() ?? throw S3Errors.NotConfigured("NoSuchLifecycleConfiguration", "lifecycle configuration"),
        ["TransitionDefaultMinimumObjectSize"] = "all_storage_classes_128K",
    };

    private static ApiResult PutBucketTagging(Bucket bucket, ApiCall call)
    {
        var tags = call.Input.Structure("Tagging")!.Tags("TagSet");
        if (tags.Count > MostTags) throw new AwsException("BadRequest", "Bucket tag count cannot be greater than 50");
        if (tags.DistinctBy(tag => tag.Key).Count() != tags.Count) throw new AwsException("InvalidTag", "Cannot provide multiple Tags with the same key");
        bucket.State.Tags = tags.Count == 0 ? null : tags.ToTags();
        bucket.SaveState();
        return ApiResult.Empty;
    }

    private static ApiResult GetBucketTagging(Bucket bucket, ApiCall call) => new JsonObject
    {
        ["TagSet"] = bucket.State.Tags?.DeepClone() ?? throw S3Errors.NotConfigured("NoSuchTagSet", "TagSet"),
    };

    private static ApiResult PutBucketVersioning(Bucket bucket, ApiCall call)
    {
        bucket.State.Versioning = call.Input.Structure("VersioningConfiguration")?.Text("Status")
            ?? throw new AwsException("IllegalVersioningConfigurationException", "The Versioning element must be specified");
        bucket.SaveState();
        return ApiResult.Empty;
    }

    private static ApiResult GetBucketVersioning(Bucket bucket, ApiCall call) =>
        bucket.State.Versioning is { } status ? new JsonObject { ["Status"] = status } : ApiResult.Empty;
}
