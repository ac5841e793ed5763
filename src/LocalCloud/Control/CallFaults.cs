using System.Net.Http.Json;

namespace SyncStorage.LocalCloud.Control;

/// <summary>What the rules do to calls, before and after they are carried out.</summary>
internal sealed class CallFaults(FaultInjector faults, IEnumerable<IBreakable> dataPlane, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestHook = TimeSpan.FromMinutes(1);

    private readonly TokenBuckets buckets = new(time);
    private readonly FreshResources fresh = new(time);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = LongestHook };

    /// <summary>Carries a call out, with what the rules add to it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="protocol">The model's protocol.</param>
    /// <param name="execute">Carries it out.</param>
    /// <param name="cancellationToken">Ends when the caller goes away.</param>
    /// <exception cref="AwsException">The fault that it met, or the call's own error.</exception>
    /// <exception cref="ConnectionDroppedException">The connection breaks.</exception>
    public async Task<ApiResult> AroundAsync(ApiCall call, string protocol, Func<Task<ApiResult>> execute, CancellationToken cancellationToken)
    {
        var isInstance = call.Caller.InstanceId is not null;
        var fault = faults.Take(call.Service, call.Operation, call.Caller.InstanceId);
        await BeforeAsync(fault, call, protocol, cancellationToken);
        var result = isInstance ? await execute() : await WithinLimitsAsync(call, protocol, execute);
        if (fault?.Kind == FaultKind.HookAfter) await AskAsync(fault, call, "after", cancellationToken);
        if (fault?.Kind == FaultKind.DropAfter) throw new ConnectionDroppedException();
        return result;
    }

    /// <summary>How the service of a protocol throttles.</summary>
    private static AwsException Throttling(string protocol) => protocol switch
    {
        "ec2" => new("RequestLimitExceeded", "Request limit exceeded.", 503),
        "json" => new("ThrottlingException", "Rate exceeded"),
        "s3" => new("SlowDown", "Please reduce your request rate.", 503),
        _ => new("Throttling", "Rate exceeded"),
    };

    /// <summary>What the service of a protocol calls a failure of its own.</summary>
    private static string OwnFailure(string protocol) => protocol switch
    {
        "ec2" or "s3" => "InternalError",
        "json" => "InternalServerError",
        _ => "InternalFailure",
    };

    public void Dispose() => http.Dispose();

    /// <summary>Carries an operator's call out, under the rules that stand.</summary>
    private async Task<ApiResult> WithinLimitsAsync(ApiCall call, string protocol, Func<Task<ApiResult>> execute)
    {
        if (faults.Standing(FaultKind.TokenBuckets, call.Service, call.Operation) is { } limits
            && !buckets.TryTake(call.Service, call.Operation, call.Input, limits.Speed))
            throw Throttling(protocol);
        var stale = faults.Standing(FaultKind.Stale, call.Service, call.Operation);
        var unknownFor = TimeSpan.FromMilliseconds(stale?.DelayMilliseconds ?? 0);
        if (stale is not null && fresh.Refusal(call, unknownFor) is { } tooEarly) throw tooEarly;

        var result = await execute();
        fresh.Note(call, result);
        if (stale is not null) fresh.Hide(call, result, unknownFor);
        return result;
    }

    private async Task BeforeAsync(FaultRule? fault, ApiCall call, string protocol, CancellationToken cancellationToken)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Error:
                throw new AwsException(fault.Code ?? OwnFailure(protocol), fault.Message, fault.Status);
            case FaultKind.Throttle:
                throw Throttling(protocol);
            case FaultKind.ExpiredCredentials:
                throw AuthErrors.For(AuthFailure.Expired, protocol);
            case FaultKind.Delay:
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMilliseconds), time, cancellationToken);
                break;
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                break;
            case FaultKind.DropBefore:
                throw new ConnectionDroppedException();
            case FaultKind.HookBefore:
                await AskAsync(fault, call, "before", cancellationToken);
                break;
            case FaultKind.DatabaseFailover or FaultKind.CacheLoss or FaultKind.StorageFull:
                var broken = dataPlane.Count(part => part.Break(fault.Kind, fault.Resource, TimeSpan.FromMilliseconds(fault.DelayMilliseconds)));
                if (broken == 0) throw new AwsException("NothingToBreak", $"A fault on demand found no {fault.Resource ?? "resource"} to break.", 500);
                break;
        }
    }

    /// <summary>The call goes on when the hook answers well, and breaks off when it answers badly. One that can't be asked is an error of the call.</summary>
    private async Task AskAsync(FaultRule fault, ApiCall call, string when, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync(fault.Url, new { service = call.Service, operation = call.Operation, key = (string?)call.Input["Key"], when }, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new ConnectionDroppedException();
        }
        catch (HttpRequestException exception)
        {
            throw new AwsException("HookFailed", $"The hook {fault.Url} could not be asked: {exception.Message}", 500);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AwsException("HookFailed", $"The hook {fault.Url} did not answer within {LongestHook.TotalSeconds} s: {exception.Message}", 500);
        }
    }
}

/// <summary>A part of the data plane that can be made to fail.</summary>
internal interface IBreakable
{
    /// <summary>Breaks it; false if it has no such fault, or none of that name.</summary>
    /// <param name="fault">How.</param>
    /// <param name="resource">Which one, by identifier; null is every one.</param>
    /// <param name="away">For how long, where servers end at once and are started again.</param>
    bool Break(FaultKind fault, string? resource, TimeSpan away);
}

/// <summary>The answer is never sent: the connection breaks, as a fault asked for.</summary>
internal sealed class ConnectionDroppedException : Exception;
