using Amazon.S3;
using Amazon.S3.Model;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Presigned URLs: one object, for a while, for who holds the URL.</summary>
public static class Presigning
{
    /// <summary>A URL that reads or writes one object. It is a secret: it belongs into user data and nowhere else.</summary>
    /// <param name="s3">The client that signs.</param>
    /// <param name="verb">GET or PUT.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="time">The clock.</param>
    public static async Task<Uri> PresignAsync(this IAmazonS3 s3, HttpVerb verb, string bucket, string key, TimeSpan lifetime, TimeProvider time)
    {
        // The SDK signs for https even where the endpoint is http.
        var plain = s3.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true;
        return new Uri(await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = key,
            Verb = verb,
            Expires = (time.GetUtcNow() + lifetime).UtcDateTime,
            Protocol = plain ? Protocol.HTTP : Protocol.HTTPS,
        }));
    }
}
