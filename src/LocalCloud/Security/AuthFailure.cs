namespace SyncStorage.LocalCloud.Security;

/// <summary>Why a request is not let in. Each protocol has its own code and status for it.</summary>
internal enum AuthFailure
{
    MissingToken,
    IncompleteSignature,
    UnknownKey,
    BadSignature,
    Skewed,
    Expired,
    BadToken,
    Denied,
}

internal static class AuthErrors
{
    /// <summary>The error that the clients of a protocol know for this failure.</summary>
    public static AwsException For(AuthFailure failure, string protocol, string? detail = null) => protocol switch
    {
        "ec2" => Ec2(failure, detail),
        "json" => Json(failure, detail),
        "s3" => S3(failure, detail),
        _ => Query(failure, detail),
    };

    private static AwsException Query(AuthFailure failure, string? detail) => failure switch
    {
        AuthFailure.MissingToken => new("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
        AuthFailure.IncompleteSignature => new("IncompleteSignature", detail ?? "The request signature does not conform to AWS standards.", 400),
        AuthFailure.UnknownKey or AuthFailure.BadToken =>
            new("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
        AuthFailure.BadSignature => new("SignatureDoesNotMatch", detail ?? Mismatch, 403),
        AuthFailure.Skewed => new("SignatureDoesNotMatch", detail ?? "Signature expired.", 403),
        AuthFailure.Expired => new("ExpiredToken", "The security token included in the request is expired", 403),
        _ => new("AccessDenied", detail ?? "Access denied", 403),
    };

    private static AwsException Ec2(AuthFailure failure, string? detail) => failure switch
    {
        AuthFailure.MissingToken => new("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
        AuthFailure.IncompleteSignature => new("IncompleteSignature", detail ?? "The request signature does not conform to AWS standards.", 400),
        AuthFailure.Skewed or AuthFailure.Expired => new("RequestExpired", detail ?? "Request has expired.", 400),
        AuthFailure.Denied => new("UnauthorizedOperation", detail ?? "You are not authorized to perform this operation.", 403),
        _ => new("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    };

    private static AwsException Json(AuthFailure failure, string? detail) => failure switch
    {
        AuthFailure.MissingToken => new("MissingAuthenticationTokenException", "Missing Authentication Token"),
        AuthFailure.IncompleteSignature => new("IncompleteSignatureException", detail ?? "The request signature does not conform to AWS standards."),
        AuthFailure.BadSignature or AuthFailure.Skewed => new("InvalidSignatureException", detail ?? Mismatch),
        AuthFailure.Expired => new("ExpiredTokenException", "The security token included in the request is expired"),
        AuthFailure.Denied => new("AccessDeniedException", detail ?? "Access denied"),
        _ => new("UnrecognizedClientException", "The security token included in the request is invalid."),
    };

    private static AwsException S3(AuthFailure failure, string? detail) => failure switch
    {
        AuthFailure.MissingToken or AuthFailure.Denied => new("AccessDenied", detail ?? "Access Denied", 403),
        AuthFailure.IncompleteSignature => new("AuthorizationHeaderMalformed", detail ?? "The authorization header is malformed.", 400),
        AuthFailure.UnknownKey => new("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
        AuthFailure.Skewed => new("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", 403),
        AuthFailure.Expired => new("ExpiredToken", "The provided token has expired.", 400),
        AuthFailure.BadToken => new("InvalidToken", "The provided token is malformed or otherwise invalid.", 400),
        _ => new("SignatureDoesNotMatch", detail ?? Mismatch, 403),
    };

    private const string Mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.";
}
