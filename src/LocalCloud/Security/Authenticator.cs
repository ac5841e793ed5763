using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Security;

/// <summary>Checks signatures against the credentials of this state directory.</summary>
internal sealed class Authenticator(CredentialStore credentials, IInstanceProfiles profiles, CloudContext cloud)
{
    // Of services with one endpoint for the whole world.
    private const string GlobalRegion = "us-east-1";

    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPresigned = TimeSpan.FromDays(7);

    /// <summary>Says who signed <paramref name="request"/>, or throws the protocol's own error.</summary>
    /// <param name="request">What was sent; its payload hash must be that of the body, or what S3 allows in its place.</param>
    /// <param name="protocol">The model's protocol, which decides on the error's code.</param>
    public Identity Authenticate(WireRequest request, string protocol)
    {
        var signature = request.Signature ?? throw AuthErrors.For(AuthFailure.MissingToken, protocol);
        var known = credentials.Find(signature.AccessKeyId) ?? throw AuthErrors.For(AuthFailure.UnknownKey, protocol);
        CheckScope(signature, protocol);
        CheckTime(signature, protocol);
        CheckToken(signature, known, protocol);
        CheckHeadersAreSigned(request, signature, protocol);

        var headers = signature.SignedHeaders.Select(name => KeyValuePair.Create(name, request.Header(name) ?? ""));
        var query = request.Query.Where(pair => pair.Key != "X-Amz-Signature");
        var canonical = SigV4.CanonicalRequest(request.Method, request.RawPath, query, headers, request.PayloadHash);
        var key = SigV4.SigningKey(known.SecretAccessKey, signature.Scope);
        var expected = SigV4.Sign(key, SigV4.StringToSign(signature.Time!, signature.Scope, canonical));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signature.Signature)))
            throw AuthErrors.For(AuthFailure.BadSignature, protocol);

        return new Identity(known.ToCaller(cloud.AccountId), PoliciesOf(known), new ChunkSigner(key, signature.Scope, signature.Time!, expected));
    }

    private PolicySet? PoliciesOf(KnownCredential known) =>
        known.Policy is { } policy ? new PolicySet([PolicyDocument.Parse(policy)])
        : known.InstanceProfile is { } profile ? profiles.PoliciesOf(profile) ?? new PolicySet([])
        : null;

    private void CheckScope(RequestSignature signature, string protocol)
    {
        // SDKs sign for a global service's own region; some of them, under another endpoint, for the caller's.
        if (signature.Scope.Region != cloud.Region && !(signature.Scope is { Service: "iam" or "route53", Region: GlobalRegion }))
        {
            throw AuthErrors.For(protocol == "s3" ? AuthFailure.IncompleteSignature : AuthFailure.BadSignature, protocol,
                $"Credential should be scoped to a valid region: the region '{signature.Scope.Region}' is wrong; expecting '{cloud.Region}'.");
        }
    }

    private void CheckTime(RequestSignature signature, string protocol)
    {
        if (!SigV4.TryParseTime(signature.Time, out var signed) || signature.Time![..8] != signature.Scope.Date)
            throw AuthErrors.For(AuthFailure.IncompleteSignature, protocol, "The date is missing, malformed, or not that of the credential scope.");
        var now = cloud.Time.GetUtcNow();
        if (!signature.Presigned)
        {
            if ((now - signed).Duration() > LargestSkew)
                throw AuthErrors.For(AuthFailure.Skewed, protocol, $"Signature not current: {signature.Time} is more than 15 min. from {now.ToString(SigV4.TimeFormat, CultureInfo.InvariantCulture)}");
            return;
        }

        if (!int.TryParse(signature.ExpiresSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < 1 || seconds > LongestPresigned.TotalSeconds)
        {
            throw new AwsException("AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds");
        }

        if (signed - now > LargestSkew) throw AuthErrors.For(AuthFailure.Denied, protocol, "Request is not yet valid");
        if (now > signed.AddSeconds(seconds)) throw AuthErrors.For(AuthFailure.Denied, protocol, "Request has expired");
    }

    private void CheckToken(RequestSignature signature, KnownCredential known, string protocol)
    {
        var tokenMatches = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(known.SessionToken ?? ""), Encoding.UTF8.GetBytes(signature.SecurityToken ?? ""));
        if (!tokenMatches) throw AuthErrors.For(AuthFailure.BadToken, protocol);
        if (known.Expires is { } expires && cloud.Time.GetUtcNow() >= expires) throw AuthErrors.For(AuthFailure.Expired, protocol);
    }

    private static void CheckHeadersAreSigned(WireRequest request, RequestSignature signature, string protocol)
    {
        var unsigned = request.HeaderNames.FirstOrDefault(name =>
            name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !signature.SignedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (!signature.SignedHeaders.Contains("host")) unsigned ??= "host";

        // A presigned URL may be used by clients that add headers of their own, but never ones that change what is done.
        if (unsigned is not null) throw AuthErrors.For(AuthFailure.Denied, protocol, $"There were headers present in the request which were not signed: {unsigned}");
    }
}

/// <summary>Who signed a request, what that allows (null: everything), and what signs the chunks of its body.</summary>
internal sealed record Identity(Caller Caller, PolicySet? Policies, ChunkSigner Chunks);

/// <summary>Signs the chunks of a streamed S3 body: each signature covers the one before.</summary>
internal sealed class ChunkSigner(byte[] key, CredentialScope scope, string time, string seed)
{
    private string previous = seed;

    /// <param name="signature">What the chunk's header says.</param>
    /// <param name="chunkHash">The SHA-256 of its data, in hex.</param>
    public bool Verify(string signature, string chunkHash) => Advance(signature,
        $"AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{scope}\n{previous}\n{SigV4.EmptyHash}\n{chunkHash}");

    public bool VerifyTrailer(string signature, string trailers) => Advance(signature,
        $"AWS4-HMAC-SHA256-TRAILER\n{time}\n{scope}\n{previous}\n{SigV4.HexHash(Encoding.UTF8.GetBytes(trailers))}");

    private bool Advance(string signature, string stringToSign)
    {
        var expected = SigV4.Sign(key, stringToSign);
        previous = expected;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }
}
