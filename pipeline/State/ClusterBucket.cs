using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.State;

/// <summary>The cluster's bucket as a place for objects: what tags can't hold.</summary>
public sealed class ClusterBucket(IClients clients, AwsConnection connection, ClusterNames names, TimeProvider time)
{
    /// <summary>Its name.</summary>
    public string Name => names.Bucket(connection.Target.AccountId, connection.Target.Region);

    /// <summary>A small text object, or null if there is none.</summary>
    public async Task<StoredText?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        return await AwsErrors.UnlessMissingAsync(async () =>
        {
            using var response = await clients.S3.GetObjectAsync(new GetObjectRequest { BucketName = Name, Key = key }, cancellationToken);
            using var reader = new StreamReader(response.ResponseStream, Encoding.UTF8);
            return new StoredText(await reader.ReadToEndAsync(cancellationToken), response.ETag);
        });
    }

    /// <summary>Writes a small text object if it still is what <paramref name="expected"/> says: compare and swap.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="text">Its new content.</param>
    /// <param name="expected">The ETag that it must still have; null if it must not exist.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new ETag, or null if somebody else was there first.</returns>
    public async Task<string?> SwapAsync(string key, string text, string? expected, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = Name,
            Key = key,
            ContentBody = text,
            ContentType = "application/json",
        };
        if (expected is null) request.IfNoneMatch = "*";
        else request.IfMatch = expected;
        try
        {
            return (await clients.S3.PutObjectAsync(request, cancellationToken)).ETag;
        }
        catch (AmazonS3Exception exception) when (exception.IsConditionFailed() || (expected is not null && exception.ErrorCode == "NoSuchKey"))
        {
            return null;
        }
    }

    /// <summary>Uploads a file unless an object of that key exists: keys name their content.</summary>
    /// <returns>Whether it was uploaded.</returns>
    public async Task<bool> UploadOnceAsync(string key, string path, CancellationToken cancellationToken)
    {
        var present = await AwsErrors.UnlessMissingAsync(async () =>
            await clients.S3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Name, Key = key }, cancellationToken));
        if (present is not null && present.ContentLength == new FileInfo(path).Length) return false;
        await clients.S3.PutObjectAsync(new PutObjectRequest { BucketName = Name, Key = key, FilePath = path, ContentType = "application/gzip" }, cancellationToken);
        return true;
    }

    /// <summary>Deletes objects; those that are gone are no error.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var chunk in keys.Chunk(1000))
        {
            var response = await clients.S3.DeleteObjectsAsync(
                new DeleteObjectsRequest { BucketName = Name, Objects = [.. chunk.Select(key => new KeyVersion { Key = key })], Quiet = true }, cancellationToken);
            if (response.DeleteErrors is [{ } error, ..])
                throw new PipelineException(ErrorCode.AwsRefused, $"The object {error.Key} could not be deleted: {error.Code} {error.Message}.");
        }
    }

    /// <summary>The keys below a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        [.. (await ListObjectsAsync(prefix, cancellationToken)).Select(item => item.Key)];

    /// <summary>The objects below a prefix, with when each was written.</summary>
    public async Task<IReadOnlyList<StoredObject>> ListObjectsAsync(string prefix, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = Name, Prefix = prefix };
        var found = new List<StoredObject>();
        do
        {
            var page = await clients.S3.ListObjectsV2Async(request, cancellationToken);
            found.AddRange((page.S3Objects ?? []).Select(item => new StoredObject(item.Key, item.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : null)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (!string.IsNullOrEmpty(request.ContinuationToken));
        return found;
    }

    /// <summary>A URL that lets its holder do one thing to one object, for a while.</summary>
    /// <param name="key">The object.</param>
    /// <param name="verb">GET or PUT.</param>
    /// <param name="validity">How long.</param>
    public Task<Uri> PresignAsync(string key, HttpVerb verb, TimeSpan validity) => clients.S3.PresignAsync(verb, Name, key, validity, time);
}

/// <summary>An object in the bucket.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ModifiedAt">When it was written; null if that is not said.</param>
public sealed record StoredObject(string Key, DateTimeOffset? ModifiedAt);

/// <summary>A small object's content, and what identifies this version of it.</summary>
/// <param name="Text">The content.</param>
/// <param name="ETag">Changes with every write.</param>
public sealed record StoredText(string Text, string ETag);
