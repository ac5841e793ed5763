using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace SyncStorage.StandIns.Query;

/// <summary>
/// A client of any service that speaks AWS's Query protocol, JSON 1.1, or REST with XML, on the official runtime: its signer, retries, credentials
/// and endpoint overrides are the SDK's own.
/// </summary>
public abstract class QueryClient : AmazonServiceClient
{
    private readonly QueryService service;
    private readonly IMarshaller<IRequest, AmazonWebServiceRequest> marshaller;

    protected QueryClient(QueryService service, QueryClientConfig config)
        : base(config)
    {
        this.service = service;
        marshaller = MarshallerOf(service);
    }

    protected QueryClient(QueryService service, AWSCredentials credentials, QueryClientConfig config)
        : base(credentials, config)
    {
        this.service = service;
        marshaller = MarshallerOf(service);
    }

    protected override IServiceMetadata ServiceMetadata => service.Metadata;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        // The order must become marshaller, auth resolver, endpoint resolver.
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new QueryEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new SigV4AuthResolver());
    }

    protected Task<TResponse> CallAsync<TResponse>(AmazonWebServiceRequest request, CancellationToken cancellationToken)
        where TResponse : AmazonWebServiceResponse, new()
    {
        ArgumentNullException.ThrowIfNull(request);
        var operation = service.Model.Operations[request.GetType().Name[..^"Request".Length]];
        return InvokeAsync<TResponse>(
            request,
            new InvokeOptions { RequestMarshaller = marshaller, ResponseUnmarshaller = IsJson(service) ? new JsonUnmarshaller<TResponse>(service, operation) : new QueryUnmarshaller<TResponse>(service, operation) },
            cancellationToken);
    }

    private static bool IsJson(QueryService service) => service.Model.Protocol == "json";

    private static IMarshaller<IRequest, AmazonWebServiceRequest> MarshallerOf(QueryService service) => service.Model.Protocol switch
    {
        "json" => new JsonMarshaller(service),
        "rest-xml" => new RestXmlMarshaller(service),
        _ => new QueryMarshaller(service),
    };
}
