using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>The configuration of a Query client: its endpoint is the override, or <c>prefix.region.suffix</c>, or a global service's one.</summary>
public abstract class QueryClientConfig : ClientConfig
{
    private readonly ServiceModel model;

    protected QueryClientConfig(ServiceModel model)
        : base(new DefaultConfigurationProvider(Defaults))
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        ServiceId = model.ServiceId;
        AuthenticationServiceName = model.SigningName;
        EndpointProvider = new QueryEndpointProvider(model);
    }

    public override string RegionEndpointServiceName => model.EndpointPrefix;

    public override string ServiceVersion => model.ApiVersion;

    public override string UserAgent => "aws-sdk-dotnet";

    private static IEnumerable<IDefaultConfiguration> Defaults =>
        new[] { DefaultConfigurationMode.Standard, DefaultConfigurationMode.InRegion, DefaultConfigurationMode.CrossRegion, DefaultConfigurationMode.Mobile }
            .Select(mode => new DefaultConfiguration
            {
                Name = mode,
                RetryMode = RequestRetryMode.Standard,
                ConnectTimeout = TimeSpan.FromSeconds(3.1),
                TlsNegotiationTimeout = TimeSpan.FromSeconds(3.1),
            });

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return EndpointProvider.ResolveEndpoint(QueryEndpointResolver.Parameters(this, parameters.AlternateEndpoint));
    }
}

internal sealed class QueryEndpointProvider(ServiceModel model) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters["Endpoint"] is string endpoint) return new Endpoint(endpoint);
        var region = parameters["Region"] as string
            ?? throw new AmazonClientException("No RegionEndpoint or ServiceURL configured");
        var place = RegionEndpoint.GetBySystemName(region);
        return new Endpoint(model.IsGlobal ? Global(place) : $"https://{model.EndpointPrefix}.{region}.{place.PartitionDnsSuffix}");
    }

    private string Global(RegionEndpoint place) => place.PartitionName switch
    {
        "aws" => $"https://{model.EndpointPrefix}.{place.PartitionDnsSuffix}",
        "aws-cn" when model.Name == "route53" => $"https://{model.EndpointPrefix}.{place.PartitionDnsSuffix}",
        "aws-cn" => $"https://{model.EndpointPrefix}.cn-north-1.{place.PartitionDnsSuffix}",
        "aws-us-gov" => $"https://{model.EndpointPrefix}.us-gov.{place.PartitionDnsSuffix}",
        var other => throw new AmazonClientException($"No endpoint of {model.ServiceId} is known in the partition {other}."),
    };
}

internal sealed class QueryEndpointResolver : BaseEndpointResolver
{
    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
        Parameters(requestContext.ClientConfig, requestContext.Request?.AlternateEndpoint);

    internal static EndpointParameters Parameters(IClientConfig config, RegionEndpoint? alternate) => new()
    {
        ["Region"] = (alternate ?? config.RegionEndpoint)?.SystemName ?? config.AuthenticationRegion,
        ["Endpoint"] = string.IsNullOrEmpty(config.ServiceURL) ? null : config.ServiceURL,
    };
}

internal sealed class SigV4AuthResolver : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
        [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
}
