namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>The errors of S3.</summary>
internal static class S3Errors
{
    public static AwsException NoSuchBucket => new("NoSuchBucket", "The specified bucket does not exist", 404);

    public static AwsException NoSuchKey => new("NoSuchKey", "The specified key does not exist.", 404);

    public static AwsException NoSuchVersion => new("NoSuchVersion", "The specified version does not exist.", 404);

    public static AwsException NoSuchUpload =>
        new("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", 404);

    public static AwsException BucketNotEmpty => new("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);

    public static AwsException BucketAlreadyOwnedByYou =>
        new("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", 409);

    public static AwsException NotModified => new("NotModified", "Not Modified", 304);

    public static AwsException InvalidRange => new("InvalidRange", "The requested range is not satisfiable", 416);

    public static AwsException MethodNotAllowed => new("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);

    public static AwsException ConditionalConflict => new("ConditionalRequestConflict",
        "The conditional request cannot succeed due to a conflicting operation against this resource.", 409);

    public static AwsException EntityTooLarge => new("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");

    public static AwsException PreconditionFailed(string condition) =>
        new("PreconditionFailed", $"At least one of the pre-conditions you specified did not hold: {condition}", 412);

    public static AwsException InvalidArgument(string message) => new("InvalidArgument", message);

    public static AwsException InvalidRequest(string message) => new("InvalidRequest", message);

    /// <summary>A bucket's configuration that was never put.</summary>
    public static AwsException NotConfigured(string code, string what) => new(code, $"The {what} was not found", 404);
}
