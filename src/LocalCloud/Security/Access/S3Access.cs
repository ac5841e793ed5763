using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What S3 asks. Its actions are not called as its operations are.</summary>
internal static class S3Access
{
    public static IEnumerable<AccessQuestion> Of(AccessKeys call)
    {
        var bucket = $"arn:aws:s3:::{call.Input.Text("Bucket")}";
        var item = $"{bucket}/{call.Input.Text("Key")}";
        return call.Call.Operation switch
        {
            "ListBuckets" => [call.Ask("s3:ListAllMyBuckets", "*")],
            "HeadBucket" => [call.Ask("s3:ListBucket", bucket)],
            "ListObjectsV2" or "ListObjects" => [call.Ask("s3:ListBucket", bucket, more: Listing(call.Input))],
            "ListObjectVersions" => [call.Ask("s3:ListBucketVersions", bucket, more: Listing(call.Input))],
            "GetObject" or "HeadObject" => [call.Ask("s3:GetObject", item)],
            "PutObject" or "CreateMultipartUpload" or "UploadPart" or "CompleteMultipartUpload" => [call.Ask("s3:PutObject", item)],
            "CopyObject" => [call.Ask("s3:PutObject", item), call.Ask("s3:GetObject", $"arn:aws:s3:::{Uri.UnescapeDataString(call.Input.Text("CopySource") ?? "").TrimStart('/').Split('?')[0]}")],
            "DeleteObject" => [call.Ask("s3:DeleteObject", item)],
            "DeleteObjects" => (call.Input.Structure("Delete")?.Structures("Objects") ?? []).Select(one => call.Ask("s3:DeleteObject", $"{bucket}/{one.Text("Key")}")),
            "AbortMultipartUpload" => [call.Ask("s3:AbortMultipartUpload", item)],
            "ListParts" => [call.Ask("s3:ListMultipartUploadParts", item)],
            "PutPublicAccessBlock" => [call.Ask("s3:PutBucketPublicAccessBlock", bucket)],
            "GetPublicAccessBlock" => [call.Ask("s3:GetBucketPublicAccessBlock", bucket)],
            "PutBucketEncryption" => [call.Ask("s3:PutEncryptionConfiguration", bucket)],
            "GetBucketEncryption" => [call.Ask("s3:GetEncryptionConfiguration", bucket)],
            "PutBucketLifecycleConfiguration" => [call.Ask("s3:PutLifecycleConfiguration", bucket)],
            "GetBucketLifecycleConfiguration" => [call.Ask("s3:GetLifecycleConfiguration", bucket)],
            var operation => [call.Ask($"s3:{operation}", bucket)],
        };
    }

    /// <summary>Whether the caller may know that an object is not there: without the right to list, S3 says only that access is denied.</summary>
    public static AccessQuestion MayMiss(AccessKeys call) => call.Ask("s3:ListBucket", $"arn:aws:s3:::{call.Input.Text("Bucket")}");

    private static Dictionary<string, string> Listing(JsonObject input) => new() { ["s3:prefix"] = input.Text("Prefix") ?? "", ["s3:delimiter"] = input.Text("Delimiter") ?? "" };
}
