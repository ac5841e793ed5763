using System.Globalization;
using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Observability;
using SyncStorage.TokenServer.Serving;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Protocol;

/// <summary>Answers <c>GET /1.0/{application}/{version}</c>: an access token goes in, a token for a node comes out.</summary>
internal sealed partial class TokenProtocol(TokenServingHolder serving, TokenMetrics metrics, TimeProvider time, ILogger<TokenProtocol> log)
{
    /// <summary>What the paths begin with.</summary>
    public const string Prefix = "/1.0/";

    private const string Route = Prefix + "{application}/{version}";
    private const string RetryAfterSeconds = "30";

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        // Of the moment when it was answered, as a client sets its clock by it.
        http.Response.Headers["X-Timestamp"] = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (RequestTrace.Of(http) is { } trace) trace.Route = Route;
        if (http.Request.Path.Value!.Split('/') is not ["", _, var application, var version])
        {
            await RefuseAsync(http, TokenError.NotFound);
        }
        else if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET";
            await RefuseAsync(http, TokenError.MethodNotAllowed);
        }
        else if (serving.Current is { } state)
        {
            await AnswerAsync(http, state, application, version);
        }
        else
        {
            await RefuseAsync(http, TokenError.Unavailable);
        }
    }

    /// <summary>Answers what is no path of this service's.</summary>
    public Task NotFoundAsync(HttpContext http) => RefuseAsync(http, TokenError.NotFound);

    private async Task AnswerAsync(HttpContext http, TokenServing state, string application, string version)
    {
        var (request, error) = TokenRequest.Read(http.Request.Headers);
        if (request is null)
        {
            await RefuseAsync(http, error!);
            return;
        }

        var (verdict, identity) = await state.Accounts.Verifier.VerifyAsync(request.AccessToken, http.RequestAborted);
        error = verdict switch
        {
            TokenVerdict.Refused => TokenError.InvalidCredentials,
            TokenVerdict.Unknown => TokenError.Unavailable,
            _ => application != "sync" ? TokenError.UnsupportedApplication : version != "1.5" ? TokenError.UnsupportedVersion : null,
        };
        if (error is not null)
        {
            await RefuseAsync(http, error);
            return;
        }

        if (!await state.Gate.TryEnterAsync(http.RequestAborted))
        {
            metrics.Shed.Add();
            await RefuseAsync(http, TokenError.Unavailable);
            return;
        }

        try
        {
            await GiveAsync(http, state, identity!, request.KeyId);
        }
        finally
        {
            state.Gate.Leave();
        }
    }

    private async Task GiveAsync(HttpContext http, TokenServing state, Identity identity, KeyId keyId)
    {
        var claimed = new UserData(identity.Generation, keyId.KeysChangedAt, keyId.ClientState);
        try
        {
            var (row, refusal) = await state.Users.ResolveAsync(
                $"{identity.User}@{state.Document.Accounts.EmailDomain}", claimed, state.Document.Tokens.NewUsers, http.RequestAborted);
            if (row is null)
            {
                await RefuseAsync(http, TokenError.Of(refusal!.Value));
            }
            else if (!state.Signers.TryGetValue(row.Node!, out var secret))
            {
                LogNoSecret(row.Node!, http.TraceIdentifier);
                await RefuseAsync(http, TokenError.Unavailable);
            }
            else
            {
                // Tokens name the keys that are stored now, which this request may have changed.
                var keys = new KeyId(row.Data.KeysChangedAt ?? row.Data.Generation ?? 0, row.Data.ClientState);
                var seconds = Duration(http.Request.Query["duration"], state.Document.Tokens.DurationSeconds);
                var credentials = state.Issuer.Issue(row.Uid, identity.User, keys, row.Node!, secret, seconds);
                metrics.Tokens.Add();
                await WriteAsync(http, StatusCodes.Status200OK, TokenAnswer.Write(credentials, seconds, state.Document.Tokens.NodeType));
            }
        }
        catch (StoreException exception)
        {
            LogDatabase(exception.Message, http.TraceIdentifier);
            await RefuseAsync(http, TokenError.Unavailable);
        }
        catch (NoNodeException)
        {
            LogNoNode(http.TraceIdentifier);
            await RefuseAsync(http, TokenError.Unavailable);
        }
    }

    // A shorter one may be asked for; anything else means the usual one.
    private static int Duration(string? asked, int usual) =>
        int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= usual ? seconds : usual;

    private Task RefuseAsync(HttpContext http, TokenError error)
    {
        metrics.Refused(error.Http == StatusCodes.Status503ServiceUnavailable ? "unavailable" : error.Status);
        if (error.Http == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (error.Http == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(http, error.Http, error.Body);
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    [LoggerMessage(EventId = 3001, EventName = "DatabaseFailed", Level = LogLevel.Error, Message = "The database failed: {Reason} (request {Request})")]
    private partial void LogDatabase(string reason, string request);

    [LoggerMessage(EventId = 3002, EventName = "NoNode", Level = LogLevel.Error, Message = "No node has room for another user (request {Request})")]
    private partial void LogNoNode(string request);

    [LoggerMessage(EventId = 3003, EventName = "NoSecret", Level = LogLevel.Error,
        Message = "A user is assigned to {Node}, which the configuration has no secret of (request {Request})")]
    private partial void LogNoSecret(string node, string request);
}
