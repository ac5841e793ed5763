using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Counts the AWS calls of a run.</summary>
public sealed class CallRecorder
{
    // The SDK knows customizers of all clients only; each client's configuration leads to its own recorder.
    private static readonly ConditionalWeakTable<object, CallRecorder> Recorders = [];
    private static readonly AsyncLocal<bool> InPoll = new();
    private static readonly AsyncLocal<bool> InState = new();
    private static readonly AsyncLocal<bool> InDryRun = new();
    private static readonly AsyncLocal<bool> Unguarded = new();
    private readonly ConcurrentDictionary<(string Service, string Operation, CallKind Kind, bool Poll), (int Count, int Retries)> counts = [];

    /// <summary>Everything counted so far.</summary>
    public ApiCalls Calls => new([.. counts
        .GroupBy(entry => (entry.Key.Service, entry.Key.Operation, entry.Key.Kind))
        .Select(group => new OperationCalls(
            group.Key.Service,
            group.Key.Operation,
            group.Key.Kind,
            group.Sum(entry => entry.Value.Count),
            group.Sum(entry => entry.Value.Retries),
            group.Where(entry => entry.Key.Poll).Sum(entry => entry.Value.Count)))
        .OrderBy(calls => calls.Service, StringComparer.Ordinal)
        .ThenBy(calls => calls.Operation, StringComparer.Ordinal)
        .ThenBy(calls => calls.Kind)]);

    /// <summary>Asked before each attempt of a call, with the operation's name; what it throws ends the call. Null lets everything pass.</summary>
    public Func<CallKind, string, CancellationToken, Task>? Guard { get; set; }

    /// <summary>Calls until the scope ends are polls of a wait.</summary>
    public static IDisposable Polling() => Enter(InPoll);

    /// <summary>Calls until the scope ends are about lock, journal and history: counted as such, and not guarded.</summary>
    public static IDisposable StateCalls() => Enter(InState);

    /// <summary>Calls until the scope ends only ask whether they would be carried out: they count as looks.</summary>
    public static IDisposable DryRuns() => Enter(InDryRun);

    /// <summary>Calls until the scope ends come before the lock: they are not guarded.</summary>
    public static IDisposable BeforeLock() => Enter(Unguarded);

    /// <summary>Makes the SDK ask for recorders; once a process, before the first client is made.</summary>
    internal static void Install() => RuntimePipelineCustomizerRegistry.Instance.Register(new Customizer());

    /// <summary>Counts this client's calls here.</summary>
    internal void Attach(AmazonServiceClient client) => Recorders.AddOrUpdate(client.Config, this);

    /// <summary>Counts one call, however many attempts it took.</summary>
    internal void Add(string service, string operation, int retries) => counts.AddOrUpdate(
        (service, operation, KindOf(service, operation), InPoll.Value), (1, retries), (_, before) => (before.Count + 1, before.Retries + retries));

    private static CallKind KindOf(string service, string operation) =>
        InState.Value ? CallKind.State : InDryRun.Value ? CallKind.Reading : CallKinds.Of(service, operation);

    private static Scope Enter(AsyncLocal<bool> flag)
    {
        var outer = flag.Value;
        flag.Value = true;
        return new Scope(() => flag.Value = outer);
    }

    private sealed class Customizer : IRuntimePipelineCustomizer
    {
        public string UniqueName => "syncstorage-call-recorder";

        public void Customize(Type serviceClientType, RuntimePipeline pipeline)
        {
            pipeline.AddHandler(new Handler());

            // Inside of the retries: asked before each attempt.
            pipeline.AddHandlerAfter<RetryHandler>(new GuardHandler());
        }
    }

    private sealed class Handler : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var request = executionContext.RequestContext;
            var (service, operation) = CallKinds.NameOf(request.ServiceMetaData.ServiceId, request.OriginalRequest.GetType());
            try
            {
                return await base.InvokeAsync<T>(executionContext);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                e.Data[AwsFailures.OperationKey] = $"{service}:{operation}";
                throw;
            }
            finally
            {
                if (Recorders.TryGetValue(request.ClientConfig, out var recorder))
                    recorder.Add(service, operation, request.Retries);
            }
        }
    }

    private sealed class GuardHandler : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var request = executionContext.RequestContext;
            if (!Unguarded.Value && Recorders.TryGetValue(request.ClientConfig, out var recorder) && recorder.Guard is { } guard)
            {
                var (service, operation) = CallKinds.NameOf(request.ServiceMetaData.ServiceId, request.OriginalRequest.GetType());
                await guard(KindOf(service, operation), $"{service}:{operation}", request.CancellationToken);
            }

            return await base.InvokeAsync<T>(executionContext);
        }
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
