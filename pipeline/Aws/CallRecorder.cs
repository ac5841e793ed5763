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
    private readonly ConcurrentDictionary<(string Service, string Operation, bool Poll), (int Count, int Retries)> counts = [];

    /// <summary>Everything counted so far.</summary>
    public ApiCalls Calls => new([.. counts
        .GroupBy(entry => (entry.Key.Service, entry.Key.Operation))
        .Select(group => new OperationCalls(
            group.Key.Service,
            group.Key.Operation,
            CallKinds.Of(group.Key.Service, group.Key.Operation),
            group.Sum(entry => entry.Value.Count),
            group.Sum(entry => entry.Value.Retries),
            group.Where(entry => entry.Key.Poll).Sum(entry => entry.Value.Count)))
        .OrderBy(calls => calls.Service, StringComparer.Ordinal)
        .ThenBy(calls => calls.Operation, StringComparer.Ordinal)]);

    /// <summary>Calls until the scope ends are polls of a wait.</summary>
    public static IDisposable Polling()
    {
        var outer = InPoll.Value;
        InPoll.Value = true;
        return new Scope(() => InPoll.Value = outer);
    }

    /// <summary>Makes the SDK ask for recorders; once a process, before the first client is made.</summary>
    internal static void Install() => RuntimePipelineCustomizerRegistry.Instance.Register(new Customizer());

    /// <summary>Counts this client's calls here.</summary>
    internal void Attach(AmazonServiceClient client) => Recorders.AddOrUpdate(client.Config, this);

    /// <summary>Counts one call, however many attempts it took.</summary>
    internal void Add(string service, string operation, int retries) => counts.AddOrUpdate(
        (service, operation, InPoll.Value), (1, retries), (_, before) => (before.Count + 1, before.Retries + retries));

    private sealed class Customizer : IRuntimePipelineCustomizer
    {
        public string UniqueName => "syncstorage-call-recorder";

        public void Customize(Type serviceClientType, RuntimePipeline pipeline) => pipeline.AddHandler(new Handler());
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

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
