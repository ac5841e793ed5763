using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Core;

/// <summary>
/// One request, parsed and checked against its operation's shape. <paramref name="Input"/> has the model's member names
/// (not wire names): structures and maps are objects, lists arrays, timestamps ISO-8601 strings, numbers and booleans
/// themselves. A member that was not sent is absent.
/// </summary>
/// <param name="Service">The model's name, e.g. <c>elb</c>.</param>
/// <param name="Operation">E.g. <c>CreateLoadBalancer</c>.</param>
/// <param name="Input">The request's members.</param>
/// <param name="Caller">Who signed it.</param>
/// <param name="RequestId">The id that the response carries.</param>
/// <param name="Body">The streamed body (S3 objects), otherwise <see cref="Stream.Null"/>.</param>
internal sealed record ApiCall(string Service, string Operation, JsonObject Input, Caller Caller, string RequestId, Stream Body);

/// <summary>Who signed a request.</summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Arn">E.g. <c>arn:aws:iam::000000000000:user/local</c> or an assumed role's.</param>
/// <param name="InstanceId">The instance whose credentials they are, or null for the operator's.</param>
internal sealed record Caller(string AccessKeyId, string Arn, string? InstanceId);

/// <summary>
/// What a handler answers: the output's members by the model's names, and a streamed body if the operation has one.
/// Empty lists are left in: the writer omits what AWS omits.
/// </summary>
internal sealed record ApiResult(JsonObject Output, Stream? Body = null)
{
    public static ApiResult Empty => new([]);

    public static implicit operator ApiResult(JsonObject output) => new(output);
}

/// <summary>An error that the client gets, with AWS's code.</summary>
/// <param name="code">E.g. <c>InvalidInstance</c>.</param>
/// <param name="message">What AWS would say.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}

/// <summary>The operations of one service. Handlers are called concurrently; each service guards its own state.</summary>
internal interface IAwsService
{
    /// <summary>The model's name, e.g. <c>elb</c>.</summary>
    string Name { get; }

    /// <summary>One handler an operation, by operation name. A modelled operation without one answers <c>InvalidAction</c>.</summary>
    IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    /// <summary>Called once, before the listener opens: adopt or restart what the saved state says should run.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Called on shutdown. <paramref name="keepProcesses"/>: LocalCloud restarts, its processes go on; otherwise they end.</summary>
    Task StopAsync(bool keepProcesses, CancellationToken cancellationToken);
}
