using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Control;

/// <summary>LocalCloud's own paths: its health, its figures, faults on demand, and its end.</summary>
internal sealed class ControlEndpoint(
    Authenticator authenticator, Authorizer authorizer, CredentialStore credentials, FaultInjector faults, CloudContext cloud, MetricStore metrics,
    Shutdown shutdown)
{
    public const string Prefix = "/_localcloud/";
    public const string SigningName = "localcloud";

    private const int LargestBody = 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (context.Request is { Method: "GET", Path.Value: Prefix + "health" }) await HealthAsync(context);
            else if (context.Request is { Method: "GET", Path.Value: Prefix + "metrics" }) await MetricsAsync(context);
            else await SignedAsync(context);
        }
        catch (AwsException error)
        {
            await AnswerAsync(context, error.Status, new { error = new { code = error.Code, message = error.Message } });
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            await AnswerAsync(context, 400, new { error = new { code = "MalformedInput", message = exception.Message } });
        }
    }

    private Task HealthAsync(HttpContext context) => AnswerAsync(context, 200, new
    {
        status = shutdown.Requested ? "stopping" : "ready",
        pid = Environment.ProcessId,
        stateDirectory = cloud.StateDirectory,
        version = ProgramVersion.Current,
    });

    // Unsigned, as Prometheus asks: there is nothing in it but counts.
    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(PrometheusText.Of(metrics.All)), context.RequestAborted);
    }

    private async Task SignedAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var request = new WireRequest(context) { PayloadHash = SigV4.HexHash(body) };
        var identity = authenticator.Authenticate(request, "query");
        if (request.Signature!.Scope.Service != SigningName)
            throw AuthErrors.For(AuthFailure.BadSignature, "query", $"Credential should be scoped to correct service: '{SigningName}'.");
        if (identity.Policies is not null) throw AuthErrors.For(AuthFailure.Denied, "query", "Only the operator may control LocalCloud.");

        switch (request.Method, request.RawPath)
        {
            case ("GET", Prefix + "faults"):
                break;
            case ("POST", Prefix + "faults"):
                Add(body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..]
                    ? JsonSerializer.Deserialize<FaultRule[]>(body, Json)!
                    : [JsonSerializer.Deserialize<FaultRule>(body, Json)!]);
                break;
            case ("DELETE", Prefix + "faults"):
                faults.Clear();
                break;
            case ("POST", Prefix + "users"):
                await AnswerAsync(context, 200, Restricted(JsonSerializer.Deserialize<UserRequest>(body, Json)!));
                return;
            case ("GET", Prefix + "users"):
                await AnswerAsync(context, 200, credentials.Users.Select(user => new { user, used = authorizer.UsedBy(KnownCredential.ArnOf(cloud.AccountId, user)) }));
                return;
            case ("POST", Prefix + "stop"):
                shutdown.Request(body.Length > 0 && JsonSerializer.Deserialize<StopRequest>(body, Json)!.KeepProcesses);
                await AnswerAsync(context, 202, new { status = "stopping" });
                return;
            default:
                throw new AwsException("NotFound", $"There is no {request.Method} {request.RawPath}.", 404);
        }

        await AnswerAsync(context, 200, faults.Rules);
    }

    /// <summary>All of them, or none.</summary>
    private void Add(FaultRule[] rules)
    {
        foreach (var rule in rules)
        {
            if (rule.Problem() is { } problem) throw new AwsException("MalformedInput", problem);
        }

        faults.Add(rules);
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (memory.Length + count > LargestBody) throw new AwsException("RequestEntityTooLarge", "The request is too large.", 413);
            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }

    private static async Task AnswerAsync<T>(HttpContext context, int status, T value)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(value, Json);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private object Restricted(UserRequest request)
    {
        var made = credentials.Restricted(request.User, request.Policy.GetRawText());
        return new { accessKeyId = made.AccessKeyId, secretAccessKey = made.SecretAccessKey };
    }

    private sealed record UserRequest(string User, JsonElement Policy);

    private sealed record StopRequest(bool KeepProcesses);
}

/// <summary>The wish that LocalCloud ends.</summary>
internal sealed class Shutdown
{
    private readonly TaskCompletionSource<bool> wish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Requested => wish.Task.IsCompleted;

    /// <summary>Completes when it shall end; true if its processes go on.</summary>
    public Task<bool> Wish => wish.Task;

    public void Request(bool keepProcesses) => wish.TrySetResult(keepProcesses);
}
