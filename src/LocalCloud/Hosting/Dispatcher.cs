using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Takes a request through its stations: signature, parsing, checking, policy, faults, the operation, the answer.</summary>
internal sealed partial class Dispatcher(
    ServiceRegistry services, Authenticator authenticator, Authorizer authorizer, CallFaults faults, CloudContext cloud, ILogger<Dispatcher> log)
{
    private const int LargestBody = 4 * 1024 * 1024;

    private readonly Dictionary<string, QueryReader> queryReaders = services.Models.Values
        .Where(model => model.Protocol is "query" or "ec2").ToDictionary(model => model.Name, model => new QueryReader(model), StringComparer.Ordinal);

    private readonly Dictionary<string, JsonReader> jsonReaders = services.Models.Values
        .Where(model => model.TargetPrefix is not null).ToDictionary(model => model.Name, model => new JsonReader(model), StringComparer.Ordinal);

    private readonly RestRouter router = new(services.Models["s3"]);
    private readonly Dictionary<string, RestRoutes> routes = services.Models.Values
        .Where(model => model.Protocol == "rest-xml").ToDictionary(model => model.Name, model => new RestRoutes(model), StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        var started = cloud.Time.GetTimestamp();
        var exchange = new Exchange(context, services.Models["s3"]);
        WireResponse response;
        try
        {
            response = await AnswerAsync(exchange, requestId, context.RequestAborted);
        }
        catch (AwsException error)
        {
            LogRefused(exchange.Name, error.Code, error.Message, requestId);
            response = Refusal(exchange, error, requestId);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Items[Recorder.Dropped] = true;
            LogAborted(exchange.Name, requestId);
            return;
        }
        catch (Exception exception) when (exception is not ConnectionDroppedException)
        {
            LogFailed(exception, exchange.Name, requestId);
            response = Refusal(exchange, Internal(exchange.Model, exception), requestId);
        }
        catch (ConnectionDroppedException)
        {
            context.Items[Recorder.Dropped] = true;
            context.Abort();
            return;
        }

        await ResponseSender.SendAsync(context, response);
        LogDone(exchange.Name, response.Status, (long)cloud.Time.GetElapsedTime(started).TotalMilliseconds, requestId);
    }

    private async Task<WireResponse> AnswerAsync(Exchange exchange, string requestId, CancellationToken cancellationToken)
    {
        var request = exchange.Request = Read(exchange.Context);
        var sent = IsForm(request) ? await ReadAllAsync(request.Body, cancellationToken) : [];
        var form = Unpacked(request, sent);
        var parameters = Parameters(request, form);
        string? Parameter(string name) => parameters.FirstOrDefault(pair => pair.Key == name).Value;
        var model = exchange.Model = services.Detect(request, Parameter);
        if (model.Protocol != "s3")
        {
            if (sent.Length == 0) sent = await ReadAllAsync(request.Body, cancellationToken);
            request.PayloadHash = SigV4.HexHash(sent);
            var body = Unpacked(request, sent);
            var identity = authenticator.Authenticate(request, model.Protocol);
            CheckService(request, model);
            var (operation, input) = model.Protocol switch
            {
                _ when CborBody.IsSpokenBy(request, model) => ReadCbor(model, request, body),
                _ when JsonBeside.IsSpokenBy(request, model) => ReadJson(model, request, body),
                "json" => ReadJson(model, request, body),
                "rest-xml" => ReadRest(model, request, body),
                _ => ReadQuery(model, parameters, Parameter),
            };
            return await CallAsync(exchange, new Prepared(operation, input, identity, Stream.Null), requestId, cancellationToken);
        }

        return await AnswerS3Async(exchange, requestId, cancellationToken);
    }

    private async Task<WireResponse> AnswerS3Async(Exchange exchange, string requestId, CancellationToken cancellationToken)
    {
        var request = exchange.Request!;
        var identity = authenticator.Authenticate(request, exchange.Model.Protocol);
        CheckService(request, exchange.Model);
        if (router.Find(request) is not var (operation, bucket, key)) throw WireErrors.UnknownOperation(exchange.Model, request.Method);
        exchange.Operation = operation.Name;
        var input = RestXmlReader.ReadHead(operation, request, bucket, key);
        await using var payload = new PayloadStream(request, identity.Chunks);
        var streams = operation.Input is { Payload: { } name } shape && shape.Members[name].Streaming;
        if (!streams)
        {
            var body = await ReadAllAsync(payload, cancellationToken);
            if (RestXmlReader.HasXmlBody(operation)) RestXmlReader.ReadBody(operation, body, input);
        }

        return await CallAsync(exchange, new Prepared(operation, input, identity, streams ? payload : Stream.Null), requestId, cancellationToken);
    }

    private async Task<WireResponse> CallAsync(Exchange exchange, Prepared prepared, string requestId, CancellationToken cancellationToken)
    {
        var (operation, input, identity, body) = prepared;
        exchange.Operation = operation.Name;
        var protocol = exchange.Model.Protocol;
        InputChecker.Check(operation, input);
        var call = new ApiCall(exchange.Model.Name, operation.Name, input, identity.Caller, requestId, body);
        if (authorizer.Refusal(identity, call) is { } refusal) throw AuthErrors.For(AuthFailure.Denied, protocol, refusal);
        try
        {
            var result = await faults.AroundAsync(call, protocol, () => ExecuteAsync(operation, call, cancellationToken), cancellationToken);
            if (exchange.IsCbor) return CborBody.Write(operation, result, requestId);
            return exchange.IsJsonBeside ? JsonBeside.Write(operation, result, requestId) : ResponseWriter.Write(operation, result, requestId);
        }
        catch (AwsException missing) when (authorizer.RefusalToMiss(identity, call, missing) is { } hidden)
        {
            throw AuthErrors.For(AuthFailure.Denied, protocol, hidden);
        }
    }

    private async Task<ApiResult> ExecuteAsync(Operation operation, ApiCall call, CancellationToken cancellationToken)
    {
        if ((bool?)call.Input["DryRun"] == true) throw new AwsException("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
        var handler = services.Handler(operation) ?? throw WireErrors.NotImplemented(operation);
        return await handler(call, cancellationToken);
    }

    private static WireResponse Refusal(Exchange exchange, AwsException error, string requestId) =>
        exchange.IsCbor ? CborBody.Write(error, requestId)
        : exchange.IsJsonBeside ? JsonBeside.Write(error, requestId)
        : ErrorWriter.Write(exchange.Model, error, requestId, exchange.Context.Request.Path);

    private static (Operation Operation, JsonObject Input) ReadCbor(ServiceModel model, WireRequest request, byte[] body)
    {
        var name = CborBody.OperationOf(request.RawPath);
        var operation = model.Operations.GetValueOrDefault(name) ?? throw WireErrors.UnknownOperation(model, name);
        return (operation, CborBody.Read(operation, body));
    }

    private (Operation Operation, JsonObject Input) ReadJson(ServiceModel model, WireRequest request, byte[] body)
    {
        var target = request.Header("x-amz-target") ?? "";
        var name = target.StartsWith(model.TargetPrefix + ".", StringComparison.Ordinal) ? target[(model.TargetPrefix!.Length + 1)..] : "";
        var operation = model.Operations.GetValueOrDefault(name) ?? throw WireErrors.UnknownOperation(model, name);
        return (operation, jsonReaders[model.Name].Read(operation, body));
    }

    private (Operation Operation, JsonObject Input) ReadQuery(
        ServiceModel model, IReadOnlyList<KeyValuePair<string, string>> parameters, Func<string, string?> parameter)
    {
        var name = parameter("Action") ?? throw new AwsException("MissingAction", "The request is missing an action or a required parameter.");
        var operation = model.Operations.GetValueOrDefault(name);
        if (operation is null || parameter("Version") != model.ApiVersion) throw WireErrors.UnknownOperation(model, name);
        var members = parameters.Where(pair => pair.Key is not ("Action" or "Version") && !pair.Key.StartsWith("X-Amz-", StringComparison.Ordinal));
        return (operation, queryReaders[model.Name].Read(operation, members));
    }

    private (Operation Operation, JsonObject Input) ReadRest(ServiceModel model, WireRequest request, byte[] body)
    {
        if (routes[model.Name].Find(request) is not var (operation, labels)) throw WireErrors.UnknownOperation(model, $"{request.Method} {request.RawPath}");
        return (operation, RestXmlReader.Read(operation, request, labels, body));
    }

    private static WireRequest Read(HttpContext context)
    {
        try
        {
            return new WireRequest(context);
        }
        catch (FormatException exception)
        {
            throw new AwsException("AuthorizationHeaderMalformed", exception.Message);
        }
    }

    private static void CheckService(WireRequest request, ServiceModel model)
    {
        if (request.Signature!.Scope.Service != model.SigningName)
            throw AuthErrors.For(AuthFailure.BadSignature, model.Protocol, $"Credential should be scoped to correct service: '{model.SigningName}'.");
    }

    private static bool IsForm(WireRequest request) =>
        request.Method == "POST" && request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static IReadOnlyList<KeyValuePair<string, string>> Parameters(WireRequest request, byte[] form) =>
        form.Length == 0 ? request.Query : [.. request.Query, .. WireRequest.ParsePairs(Encoding.UTF8.GetString(form), plusIsSpace: true)];

    // Clients compress what is large, where the service's model lets them.
    private static byte[] Unpacked(WireRequest request, byte[] body)
    {
        if (body.Length == 0 || request.Header("Content-Encoding") != "gzip") return body;
        try
        {
            using var packed = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            using var memory = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int count; (count = packed.Read(buffer)) > 0;)
            {
                if (memory.Length + count > LargestBody) throw new AwsException("RequestEntityTooLarge", "The request is too large.", 413);
                memory.Write(buffer, 0, count);
            }

            return memory.ToArray();
        }
        catch (InvalidDataException)
        {
            throw new AwsException("SerializationException", "The request is not well-formed gzip.");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream body, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (memory.Length + count > LargestBody) throw new AwsException("RequestEntityTooLarge", "The request is too large.", 413);
            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }

    private static AwsException Internal(ServiceModel model, Exception cause)
    {
        const int noSpaceLeft = 28;
        var code = model.Protocol switch { "s3" or "ec2" => "InternalError", "json" => "InternalServerError", _ => "InternalFailure" };
        return new(
            code,
            cause is IOException && (cause.HResult & 0xFFFF) == noSpaceLeft
                ? "No space is left on the disk that has LocalCloud's state directory."
                : "An internal error has occurred. The log of LocalCloud has more.",
            500);
    }

    [LoggerMessage(LogLevel.Information, "{Call} {Status} {Milliseconds} ms {RequestId}")]
    private partial void LogDone(string call, int status, long milliseconds, string requestId);

    [LoggerMessage(LogLevel.Information, "{Call} refused: {Code}: {Message} {RequestId}")]
    private partial void LogRefused(string call, string code, string message, string requestId);

    [LoggerMessage(LogLevel.Information, "{Call}: the client went away {RequestId}")]
    private partial void LogAborted(string call, string requestId);

    [LoggerMessage(LogLevel.Error, "{Call} failed {RequestId}")]
    private partial void LogFailed(Exception exception, string call, string requestId);

    private sealed record Prepared(Operation Operation, JsonObject Input, Identity Identity, Stream Body);

    /// <summary>What is known of a request so far, for its error and its line in the log.</summary>
    private sealed class Exchange(HttpContext context, ServiceModel model)
    {
        public HttpContext Context => context;

        public ServiceModel Model { get; set; } = model;

        public string? Operation { get; set; }

        public WireRequest? Request { get; set; }

        public bool IsCbor => Request is { } request && CborBody.IsSpokenBy(request, Model);

        public bool IsJsonBeside => Request is { } request && JsonBeside.IsSpokenBy(request, Model);

        public string Name => $"{Model.Name}.{Operation ?? "?"}";
    }
}
