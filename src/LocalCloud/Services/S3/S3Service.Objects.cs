using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.S3;

internal sealed partial class S3Service
{
    private const long LargestPut = 5L * 1024 * 1024 * 1024;
    private const int LongestKeyBytes = 1024;
    private const int MostDeletions = 1000;

    // What a PUT may say about an object and a GET gives back.
    private static readonly string[] KeptAttributes =
        ["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires", "Metadata", "StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption"];

    private static readonly Dictionary<string, string> ChecksumMembers = new(StringComparer.Ordinal)
    {
        ["crc32"] = "ChecksumCRC32",
        ["crc32c"] = "ChecksumCRC32C",
        ["crc64nvme"] = "ChecksumCRC64NVME",
        ["sha1"] = "ChecksumSHA1",
        ["sha256"] = "ChecksumSHA256",
        ["sha512"] = "ChecksumSHA512",
        ["md5"] = "ChecksumMD5",
        ["xxhash64"] = "ChecksumXXHASH64",
        ["xxhash3"] = "ChecksumXXHASH3",
        ["xxhash128"] = "ChecksumXXHASH128",
    };

    private async Task<ApiResult> PutObjectAsync(Bucket bucket, ApiCall call, CancellationToken cancellationToken)
    {
        var key = Key(call);
        var began = CheckBeforeWrite(bucket, key, call.Input);
        var data = await StoreAsync(bucket, (PayloadStream)call.Body, cancellationToken);
        var version = Version(bucket, Attributes(bucket, call.Input), data);
        Commit(bucket, key, version, call.Input, began);
        return Written(bucket, version);
    }

    private async Task<ApiResult> CopyObjectAsync(Bucket bucket, ApiCall call, CancellationToken cancellationToken)
    {
        var (key, input) = (Key(call), call.Input);
        var (sourceBucket, sourceKey, sourceVersion) = CopySource(input.Text("CopySource")!);
        var replaces = input.Text("MetadataDirective") == "REPLACE";
        if (sourceBucket == bucket && sourceKey == key && sourceVersion is null && !replaces)
            throw S3Errors.InvalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        ObjectVersion source;
        FileStream from;
        lock (sourceBucket.Gate)
        {
            source = FindVersion(sourceBucket, sourceKey, sourceVersion);
            Conditions.CheckRead(input, "CopySource", source);
            from = sourceBucket.OpenData(source);
        }

        var began = CheckBeforeWrite(bucket, key, input);
        var file = Bucket.NewDataFile();
        await using (from)
        {
            await WriteFileAsync(bucket.DataPath(file), from, cancellationToken);
        }

        var data = new StoredData(file, source.Size, source.ETag, source.ChecksumName, source.ChecksumValue);
        var version = Version(bucket, replaces ? Attributes(bucket, input) : (JsonObject)source.Attributes.DeepClone(), data);
        Commit(bucket, key, version, input, began);
        var written = Written(bucket, version).Output;
        written.Remove("ETag");
        var result = new JsonObject { ["ETag"] = version.ETag, ["LastModified"] = version.LastModified.ToTimestamp() };
        AddChecksum(result, version);
        foreach (var name in ChecksumMembers.Values.Append("ChecksumType")) written.Remove(name);
        written["CopyObjectResult"] = result;
        return written;
    }

    private static ApiResult Read(Bucket bucket, ApiCall call, bool withBody)
    {
        var input = call.Input;
        var version = FindVersion(bucket, Key(call), input.Text("VersionId"));
        Conditions.CheckRead(input, "", version);
        var range = ByteRange.Parse(input.Text("Range"), version.Size);
        var output = Described(bucket, version);
        output["ContentLength"] = range?.Length ?? version.Size;
        if (range is { } part) output["ContentRange"] = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{version.Size}");
        if (input.Text("ChecksumMode") == "ENABLED" && range is null) AddChecksum(output, version);
        foreach (var name in new[] { "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires" })
        {
            if (input.Text("Response" + name) is { } value) output[name] = value;
        }

        // Opened under the bucket's lock: deleted or not, the file now stays readable to its end.
        return new ApiResult(output, withBody ? new PartStream(bucket.OpenData(version), range ?? new ByteRange(0, version.Size)) : null);
    }

    private ApiResult DeleteObject(Bucket bucket, ApiCall call)
    {
        var key = Key(call);
        if (call.Input.Text("IfMatch") is not null) Conditions.CheckWrite(call.Input, bucket.Find(key)?.Current, deletedMeanwhile: false);
        return Delete(bucket, key, call.Input.Text("VersionId"));
    }

    private ApiResult DeleteObjects(Bucket bucket, ApiCall call)
    {
        var delete = call.Input.Structure("Delete")!;
        var objects = delete.Structures("Objects");
        if (objects.Count is 0 or > MostDeletions) throw WireErrors.MalformedXml;
        var quiet = delete.Flag("Quiet") == true;
        var (deleted, errors) = (new JsonArray(), new JsonArray());
        foreach (var item in objects)
        {
            var key = item.Text("Key")!;
            try
            {
                if (item.Text("ETag") is { } etag) Conditions.CheckWrite(new JsonObject { ["IfMatch"] = etag }, bucket.Find(key)?.Current, deletedMeanwhile: false);
                var outcome = Delete(bucket, key, item.Text("VersionId")).Output;
                var line = new JsonObject { ["Key"] = key };
                if (item.Text("VersionId") is { } asked) line["VersionId"] = asked;
                if (outcome["DeleteMarker"] is not null) (line["DeleteMarker"], line["DeleteMarkerVersionId"]) = (true, outcome["VersionId"]?.DeepClone());
                if (!quiet) deleted.Add((JsonNode)line);
            }
            catch (AwsException error)
            {
                errors.Add((JsonNode)new JsonObject { ["Key"] = key, ["Code"] = error.Code, ["Message"] = error.Message });
            }
        }

        return new JsonObject { ["Deleted"] = deleted, ["Errors"] = errors };
    }

    private ApiResult Delete(Bucket bucket, string key, string? versionId)
    {
        var state = bucket.Find(key);
        if (versionId is not null)
        {
            if (state?.Versions.FirstOrDefault(version => version.VersionId == versionId) is not { } named)
                return new JsonObject { ["VersionId"] = versionId };
            bucket.Remove(key, named);
            return named.IsDeleteMarker ? new JsonObject { ["VersionId"] = versionId, ["DeleteMarker"] = true } : new JsonObject { ["VersionId"] = versionId };
        }

        if (bucket.State.Versioning is null)
        {
            if (state is not null) bucket.Remove(key, state.Versions[^1]);
            return ApiResult.Empty;
        }

        var marker = new ObjectVersion { VersionId = NewVersionId(bucket), LastModified = cloud.Time.GetUtcNow() };
        bucket.Add(key, marker);
        return new JsonObject { ["DeleteMarker"] = true, ["VersionId"] = marker.VersionId };
    }

    private static string Key(ApiCall call)
    {
        var key = call.Input.Text("Key") ?? throw S3Errors.InvalidArgument("The key is missing.");
        if (Encoding.UTF8.GetByteCount(key) > LongestKeyBytes) throw new AwsException("KeyTooLongError", "Your key is too long");
        return key;
    }

    private static ObjectVersion FindVersion(Bucket bucket, string key, string? versionId)
    {
        if (versionId is null) return bucket.Find(key)?.Current ?? throw S3Errors.NoSuchKey;
        var version = bucket.Find(key)?.Versions.FirstOrDefault(candidate => candidate.VersionId == versionId) ?? throw S3Errors.NoSuchVersion;
        return version.IsDeleteMarker ? throw S3Errors.MethodNotAllowed : version;
    }

    private (Bucket Bucket, string Key, string? VersionId) CopySource(string header)
    {
        var parts = header.Split("?versionId=", 2);
        var path = Uri.UnescapeDataString(parts[0]).TrimStart('/').Split('/', 2);
        if (path.Length < 2 || path[1].Length == 0) throw S3Errors.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        return (Find(path[0]), path[1], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>Fails early, and gives the change after which the write began.</summary>
    private static long CheckBeforeWrite(Bucket bucket, string key, JsonObject input)
    {
        lock (bucket.Gate)
        {
            Conditions.CheckWrite(input, bucket.Find(key)?.Current, deletedMeanwhile: false);
            return bucket.Changes;
        }
    }

    private static void Commit(Bucket bucket, string key, ObjectVersion version, JsonObject input, long began)
    {
        try
        {
            lock (bucket.Gate)
            {
                if (bucket.IsDeleted) throw S3Errors.NoSuchBucket;
                Conditions.CheckWrite(input, bucket.Find(key)?.Current, bucket.DeletedSince(key, began));
                bucket.Add(key, version);
            }
        }
        catch (AwsException) when (!bucket.IsDeleted)
        {
            File.Delete(bucket.DataPath(version.DataFile!));
            throw;
        }
    }

    private static async Task<StoredData> StoreAsync(Bucket bucket, PayloadStream body, CancellationToken cancellationToken)
    {
        var file = Bucket.NewDataFile();
        var size = await WriteFileAsync(bucket.DataPath(file), body, cancellationToken);
        return new StoredData(file, size, $"\"{body.Md5}\"", body.ChecksumName, body.ChecksumValue);
    }

    private static async Task<long> WriteFileAsync(string path, Stream source, CancellationToken cancellationToken)
    {
        try
        {
            await using var target = new FileStream(path, PrivateFile.Options(FileMode.CreateNew));
            var buffer = new byte[64 * 1024];
            for (int count; (count = await source.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (target.Position + count > LargestPut) throw S3Errors.EntityTooLarge;
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }

            return target.Position;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static JsonObject Attributes(Bucket bucket, JsonObject input)
    {
        var kept = new JsonObject(KeptAttributes.Where(input.ContainsKey).Select(name => KeyValuePair.Create(name, input[name]?.DeepClone())));
        if (!kept.ContainsKey("ContentType")) kept["ContentType"] = "binary/octet-stream";
        if (!kept.ContainsKey("ServerSideEncryption")) kept["ServerSideEncryption"] = DefaultEncryption(bucket);

        // Only the transport was encoded so, not the object.
        var encodings = (kept.Text("ContentEncoding") ?? "").Split(',').Select(part => part.Trim()).Where(part => part is not ("aws-chunked" or "")).ToList();
        if (encodings.Count == 0) kept.Remove("ContentEncoding");
        else kept["ContentEncoding"] = string.Join(',', encodings);
        return kept;
    }

    private ObjectVersion Version(Bucket bucket, JsonObject attributes, StoredData data) => new()
    {
        VersionId = NewVersionId(bucket),
        DataFile = data.File,
        Size = data.Size,
        ETag = data.ETag,
        LastModified = cloud.Time.GetUtcNow(),
        ChecksumName = data.ChecksumName,
        ChecksumValue = data.ChecksumValue,
        Attributes = attributes,
    };

    private static string NewVersionId(Bucket bucket) =>
        bucket.State.Versioning == "Enabled" ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : ObjectVersion.NullId;

    private static ApiResult Written(Bucket bucket, ObjectVersion version)
    {
        var output = new JsonObject { ["ETag"] = version.ETag, ["ServerSideEncryption"] = version.Attributes["ServerSideEncryption"]?.DeepClone() };
        if (bucket.State.Versioning is not null) output["VersionId"] = version.VersionId;
        AddChecksum(output, version);
        return output;
    }

    private static JsonObject Described(Bucket bucket, ObjectVersion version)
    {
        var output = (JsonObject)version.Attributes.DeepClone();
        output["AcceptRanges"] = "bytes";
        output["ETag"] = version.ETag;
        output["LastModified"] = version.LastModified.ToTimestamp();
        if (bucket.State.Versioning is not null) output["VersionId"] = version.VersionId;
        return output;
    }

    private static void AddChecksum(JsonObject output, ObjectVersion version)
    {
        if (version.ChecksumName is not { } name || version.ChecksumValue is null) return;
        output[ChecksumMembers[name]] = version.ChecksumValue;
        output["ChecksumType"] = "FULL_OBJECT";
    }

    private sealed record StoredData(string File, long Size, string ETag, string? ChecksumName, string? ChecksumValue);
}
