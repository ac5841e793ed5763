namespace SyncStorage.Webhead.Observability;

/// <summary>
/// Requests that were refused for who they claim to be: events of their own, which an operator can count and alarm on. They name the
/// user of the path and where the request came from, and hold nothing of the token or the signature.
/// </summary>
internal sealed partial class SecurityLog(ILogger<SecurityLog> log, WebheadMetrics metrics)
{
    /// <summary>Notes a refusal.</summary>
    public void Refused(Refusal refusal, HttpContext http, string hostname, long uid)
    {
        metrics.Refused(refusal);
        var (request, from) = (http.TraceIdentifier, http.Connection.RemoteIpAddress?.ToString());
        switch (refusal)
        {
            // Every client asks so once in a while; nobody has claimed anything.
            case Refusal.NoCredentials or Refusal.Expired: LogExpected(refusal, hostname, uid, from, request); break;
            case Refusal.MalformedHeader: LogMalformedHeader(hostname, uid, from, request); break;
            case Refusal.UnknownToken: LogUnknownToken(hostname, uid, from, request); break;
            case Refusal.MalformedToken: LogMalformedToken(hostname, uid, from, request); break;
            case Refusal.BadSignature: LogBadSignature(hostname, uid, from, request); break;
            case Refusal.WrongUser: LogWrongUser(hostname, uid, from, request); break;
            case Refusal.WrongNode: LogWrongNode(hostname, uid, from, request); break;
            case Refusal.None or _: throw new ArgumentOutOfRangeException(nameof(refusal));
        }
    }

    [LoggerMessage(EventId = 4010, EventName = "Unauthenticated", Level = LogLevel.Debug,
        Message = "{Refusal} for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogExpected(Refusal refusal, string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4011, EventName = "MalformedAuthorization", Level = LogLevel.Warning,
        Message = "Malformed authorization for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogMalformedHeader(string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4012, EventName = "UnknownToken", Level = LogLevel.Warning,
        Message = "Token that no secret has signed, for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogUnknownToken(string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4013, EventName = "MalformedToken", Level = LogLevel.Warning,
        Message = "Signed token with malformed content, for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogMalformedToken(string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4014, EventName = "BadSignature", Level = LogLevel.Warning,
        Message = "Wrong signature for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogBadSignature(string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4015, EventName = "WrongUser", Level = LogLevel.Warning,
        Message = "Token of another user, for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogWrongUser(string hostname, long uid, string? from, string request);

    [LoggerMessage(EventId = 4016, EventName = "WrongNode", Level = LogLevel.Warning,
        Message = "Token of another node, for user {Uid} of {Hostname} from {From} (request {Request})")]
    private partial void LogWrongNode(string hostname, long uid, string? from, string request);
}
