using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Security;

/// <summary>The signature that a request carries, in its Authorization header or (presigned) its query.</summary>
internal sealed record RequestSignature(
    string AccessKeyId, CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature, string? Time, string? SecurityToken,
    bool Presigned, string? ExpiresSeconds)
{
    /// <summary>The signature of a request, or null if it has none.</summary>
    /// <exception cref="FormatException">There is one, but it is not of AWS's form.</exception>
    public static RequestSignature? Of(HttpRequest request, IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0) return FromHeader(authorization, request);
        if (Value(query, "AWSAccessKeyId") is not null)
            throw new FormatException("Signature version 2 is not supported. Please use AWS4-HMAC-SHA256 (awscli: aws configure set s3.signature_version s3v4).");
        return Value(query, "X-Amz-Signature") is { } signature ? FromQuery(signature, query) : null;
    }

    private static RequestSignature FromHeader(string authorization, HttpRequest request)
    {
        if (!authorization.StartsWith(SigV4.Algorithm + " ", StringComparison.Ordinal))
            throw new FormatException("Unsupported authorization type: only AWS4-HMAC-SHA256 is.");
        var fields = authorization[(SigV4.Algorithm.Length + 1)..].Split(',')
            .Select(field => field.Trim().Split('=', 2))
            .Where(field => field.Length == 2)
            .DistinctBy(field => field[0])
            .ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        if (!fields.TryGetValue("Credential", out var credential) || !fields.TryGetValue("SignedHeaders", out var headers)
            || !fields.TryGetValue("Signature", out var signature))
        {
            throw new FormatException("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        }

        var (accessKeyId, scope) = ParseCredential(credential);
        var token = request.Headers["x-amz-security-token"].ToString();
        return new RequestSignature(accessKeyId, scope, headers.Split(';'), signature, request.Headers["x-amz-date"].ToString(),
            token.Length > 0 ? token : null, Presigned: false, ExpiresSeconds: null);
    }

    private static RequestSignature FromQuery(string signature, IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (Value(query, "X-Amz-Algorithm") != SigV4.Algorithm) throw new FormatException("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\".");
        var (accessKeyId, scope) = ParseCredential(Value(query, "X-Amz-Credential") ?? "");
        return new RequestSignature(accessKeyId, scope, (Value(query, "X-Amz-SignedHeaders") ?? "").Split(';'), signature,
            Value(query, "X-Amz-Date"), Value(query, "X-Amz-Security-Token"), Presigned: true, Value(query, "X-Amz-Expires") ?? "");
    }

    private static (string AccessKeyId, CredentialScope Scope) ParseCredential(string credential)
    {
        var parts = credential.Split('/');
        return parts is [var key, var date, var region, var service, "aws4_request"]
            ? (key, new CredentialScope(date, region, service))
            : throw new FormatException("The credential must have the form ACCESSKEY/YYYYMMDD/REGION/SERVICE/aws4_request.");
    }

    private static string? Value(IReadOnlyList<KeyValuePair<string, string>> query, string name) =>
        query.FirstOrDefault(pair => pair.Key == name).Value;
}
