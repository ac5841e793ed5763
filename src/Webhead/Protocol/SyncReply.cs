using System.Globalization;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Protocol;

/// <summary>The numbers that clients know as bodies of errors.</summary>
internal static class ErrorBody
{
    public const int Unknown = 0;
    public const int IllegalRequest = 1;
    public const int MalformedJson = 6;
    public const int InvalidItem = 8;
    public const int OverQuota = 14;
    public const int SizeLimit = 17;
}

/// <summary>An answer of the protocol.</summary>
internal sealed record SyncReply(int Status, ReadOnlyMemory<byte> Body)
{
    public const string Json = "application/json";
    public const string Newlines = "application/newlines";

    /// <summary>The body's type; none is sent with 304.</summary>
    public string ContentType { get; init; } = Json;

    /// <summary>When the target changed last.</summary>
    public SyncTimestamp? LastModified { get; init; }

    /// <summary>Whether this is the answer to a write, whose timestamp is then the server's time.</summary>
    public bool Wrote { get; init; }

    /// <summary>More headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the head, and some of the body, are already sent.</summary>
    public bool IsRest { get; init; }

    /// <summary>Has the body's memory; ended once that is sent.</summary>
    public IDisposable? Owner { get; init; }

    /// <summary>Sets the head of the answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="now">The server's time; to who reads, never earlier than what was read.</param>
    public void Start(HttpContext http, SyncTimestamp now)
    {
        var response = http.Response;
        response.StatusCode = Status;
        var modified = LastModified ?? SyncTimestamp.Zero;
        response.Headers["X-Weave-Timestamp"] = (Wrote ? modified : SyncTimestamp.Max(now, modified)).ToString();
        if (LastModified is not null) response.Headers["X-Last-Modified"] = modified.ToString();
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        if (Status != StatusCodes.Status304NotModified) response.ContentType = ContentType;
    }

    /// <summary>A reply with a JSON text.</summary>
    public static SyncReply Ok(string json, SyncTimestamp lastModified) =>
        new(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(json)) { LastModified = lastModified };

    /// <summary>The reply to a write.</summary>
    public static SyncReply Written(string json, SyncTimestamp timestamp) => Ok(json, timestamp) with { Wrote = true };

    /// <summary>An error with one of <see cref="ErrorBody"/>'s numbers.</summary>
    public static SyncReply Error(int status, int body = ErrorBody.Unknown) =>
        new(status, Encoding.UTF8.GetBytes(body.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The service can't do it now; the client shall come back.</summary>
    public static SyncReply Unavailable(int retryAfterSeconds) => Error(StatusCodes.Status503ServiceUnavailable) with
    {
        Headers = [new("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture))],
    };

    /// <summary>Who asks is not known, or not here: the client asks its token server again.</summary>
    public static SyncReply Unauthorized() => Error(StatusCodes.Status401Unauthorized) with
    {
        Headers = [new("WWW-Authenticate", "Hawk")],
    };
}

/// <summary>Ends a request with a reply.</summary>
internal sealed class SyncReplyException(SyncReply reply) : Exception($"The request ends with {reply.Status}.")
{
    public SyncReply Reply => reply;

    public static SyncReplyException BadRequest(int body = ErrorBody.IllegalRequest) =>
        new(SyncReply.Error(StatusCodes.Status400BadRequest, body));
}
