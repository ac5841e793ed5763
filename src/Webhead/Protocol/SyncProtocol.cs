using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Serving;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>SyncStorage 1.5: takes a request from its raw target to a reply.</summary>
internal sealed partial class SyncProtocol(ServingStateHolder serving, WebheadMetrics metrics, SecurityLog security, TimeProvider time,
    ILogger<SyncProtocol> log)
{
    private const int ConflictRetrySeconds = 10;
    private const int FailureRetrySeconds = 1800;
    private const int CacheRetrySeconds = 30;
    private const int UnconfiguredRetrySeconds = 10;

    // Firefox for iOS below 20 wrote what other clients could not read; 0 is a developer's build.
    [GeneratedRegex("^Firefox-iOS-Sync/(?:[1-9]|1[0-9])\\.")]
    private static partial Regex BrokenClient();

    private readonly Quotas quotas = new(time);

    public async Task InvokeAsync(HttpContext http)
    {
        var reply = await AnswerAsync(http);
        await SendAsync(http, reply);
    }

    private async Task<SyncReply> AnswerAsync(HttpContext http)
    {
        try
        {
            return await RouteAsync(http);
        }
        catch (SyncReplyException exception)
        {
            return exception.Reply;
        }
        catch (WriteConflictException)
        {
            return SyncReply.Unavailable(ConflictRetrySeconds);
        }
        catch (UnknownBatchException)
        {
            return SyncReply.Error(StatusCodes.Status400BadRequest, ErrorBody.IllegalRequest);
        }
        catch (CacheUnavailableException exception)
        {
            LogCache(exception.Message, http.TraceIdentifier);
            return SyncReply.Unavailable(CacheRetrySeconds);
        }
        catch (DatabaseFailedException exception)
        {
            LogDatabase(exception.Message, http.TraceIdentifier);
            return SyncReply.Unavailable(FailureRetrySeconds);
        }
        catch (BadHttpRequestException exception)
        {
            return SyncReply.Error(exception.StatusCode);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whatever came of the client's going away: nobody waits for this answer.
            return SyncReply.Unavailable(ConflictRetrySeconds);
        }
        catch (Exception exception)
        {
            LogFailure(exception, http.TraceIdentifier);
            return SyncReply.Error(StatusCodes.Status500InternalServerError);
        }
    }

    private async Task<SyncReply> RouteAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (http.Request.Headers.UserAgent is [{ } agent, ..] && BrokenClient().IsMatch(agent))
            return SyncReply.Error(StatusCodes.Status503ServiceUnavailable);
        if (!SyncRoute.TryParse(target, out var route)) return Elsewhere(http.Request);
        if (RequestTrace.Of(http) is { } trace) trace.Route = route.Template;
        if (!route.Methods.Contains(http.Request.Method))
        {
            return SyncReply.Error(StatusCodes.Status405MethodNotAllowed) with
            {
                Headers = [new("Allow", string.Join(", ", route.Methods))],
            };
        }

        using var lease = serving.Use();
        if (lease.State is not { } state) return SyncReply.Unavailable(UnconfiguredRetrySeconds);
        if (state.FindHost(http) is not { } host) return UnknownHost();
        if (PlainHttp.MovedTo(host.Origin, http.Request.Headers[PlainHttp.ForwardedProto], target) is { } location)
            return SyncReply.Error(StatusCodes.Status308PermanentRedirect) with { Headers = [new("Location", location)] };
        if (Authentication.Check(http, host, route, time) is var refusal and not Refusal.None)
        {
            security.Refused(refusal, http, host.Origin.Host, route.Uid);
            return SyncReply.Unauthorized();
        }

        return await HandleAsync(new SyncCall(http, host, route, state.Document.Limits, quotas, time), state.Backoff);
    }

    /// <summary>Answers, if there is room for it: an overloaded dbnode's users are told to come later.</summary>
    private async Task<SyncReply> HandleAsync(SyncCall call, Backoff backoff)
    {
        var (headers, gate) = (call.Http.Response.Headers, call.Host.Gate);
        if (backoff.TurnsAway) return SyncReply.Unavailable(backoff.RetryAfterSeconds);
        if (!await gate.TryEnterAsync(call.Aborted))
        {
            metrics.Shed.Add();
            backoff.Apply(headers, overloaded: true);
            return SyncReply.Unavailable(backoff.OverloadRetryAfterSeconds);
        }

        try
        {
            backoff.Apply(headers, gate.Overloaded);
            return await HandleAsync(call);
        }
        finally
        {
            gate.Leave();
        }
    }

    private static Task<SyncReply> HandleAsync(SyncCall call)
    {
        // What is read can be had as JSON, and a list besides in lines: a client that takes neither is told so, whatever it reads.
        if (call.Http.Request.Method is "GET" or "HEAD") _ = RequestBody.WantsNewlines(call.Http.Request);
        return FindHandler(call);
    }

    private static Task<SyncReply> FindHandler(SyncCall call) => (call.Route.Target, call.Http.Request.Method) switch
    {
        (SyncTarget.InfoCollections, _) => InfoHandlers.CollectionsAsync(call),
        (SyncTarget.InfoCollectionCounts, _) => InfoHandlers.CountsAsync(call),
        (SyncTarget.InfoCollectionUsage, _) => InfoHandlers.UsageAsync(call),
        (SyncTarget.InfoQuota, _) => InfoHandlers.QuotaAsync(call),
        (SyncTarget.InfoConfiguration, _) => InfoHandlers.ConfigurationAsync(call),
        (SyncTarget.Storage, "DELETE") => WriteHandlers.DeleteStorageAsync(call),
        (SyncTarget.Collection, "GET" or "HEAD") => ReadHandlers.CollectionAsync(call),
        (SyncTarget.Collection, "POST") => WriteHandlers.PostCollectionAsync(call),
        (SyncTarget.Collection, "DELETE") => WriteHandlers.DeleteCollectionAsync(call),
        (SyncTarget.Item, "GET" or "HEAD") => ReadHandlers.ItemAsync(call),
        (SyncTarget.Item, "PUT") => WriteHandlers.PutItemAsync(call),
        (SyncTarget.Item, "DELETE") => WriteHandlers.DeleteItemAsync(call),
        _ => throw new UnreachableException($"{call.Route.Target} has no {call.Http.Request.Method}."),
    };

    private async Task SendAsync(HttpContext http, SyncReply reply)
    {
        using var owner = reply.Owner;
        if (!reply.IsRest)
        {
            if (http.Response.HasStarted)
            {
                // It went wrong in the middle: what was sent must not pass for the whole.
                http.Abort();
                return;
            }

            reply.Start(http, SyncTimestamp.Now(time));
            if (reply.Status == StatusCodes.Status304NotModified) return;
            http.Response.ContentLength = reply.Body.Length;
        }

        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    /// <summary>What is not a path of the protocol, or is one of operations with a method that it does not have.</summary>
    private static SyncReply Elsewhere(HttpRequest request) => request.Path.Value switch
    {
        "/__error__" => SyncReply.Error(StatusCodes.Status500InternalServerError),
        "/" or "/__heartbeat__" or "/__lbheartbeat__" or "/__version__" => SyncReply.Error(StatusCodes.Status405MethodNotAllowed),
        _ => SyncReply.Error(StatusCodes.Status404NotFound),
    };

    /// <summary>Refuses a host that is not served here, and says so: the body is for whoever has set up the name wrongly.</summary>
    private static SyncReply UnknownHost() =>
        new(StatusCodes.Status421MisdirectedRequest, """{"error":"this cluster does not serve the virtual hostname in the Host header"}"""u8.ToArray());

    [LoggerMessage(Level = LogLevel.Error, Message = "Database failed: {Reason} (request {Request})")]
    private partial void LogDatabase(string reason, string request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A collection that is in the cache alone can't be had: {Reason} (request {Request})")]
    private partial void LogCache(string reason, string request);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request failed (request {Request})")]
    private partial void LogFailure(Exception exception, string request);
}
