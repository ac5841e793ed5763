// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Route53.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.Route53;

public interface IAmazonRoute53 : IAmazonService, IDisposable
{
    Task<ChangeResourceRecordSetsResponse> ChangeResourceRecordSetsAsync(ChangeResourceRecordSetsRequest request, CancellationToken cancellationToken = default);
    Task<CreateHostedZoneResponse> CreateHostedZoneAsync(CreateHostedZoneRequest request, CancellationToken cancellationToken = default);
    Task<DeleteHostedZoneResponse> DeleteHostedZoneAsync(DeleteHostedZoneRequest request, CancellationToken cancellationToken = default);
    Task<GetChangeResponse> GetChangeAsync(GetChangeRequest request, CancellationToken cancellationToken = default);
    Task<GetHostedZoneResponse> GetHostedZoneAsync(GetHostedZoneRequest request, CancellationToken cancellationToken = default);
    Task<ListHostedZonesResponse> ListHostedZonesAsync(ListHostedZonesRequest request, CancellationToken cancellationToken = default);
    Task<ListHostedZonesByNameResponse> ListHostedZonesByNameAsync(ListHostedZonesByNameRequest request, CancellationToken cancellationToken = default);
    Task<ListResourceRecordSetsResponse> ListResourceRecordSetsAsync(ListResourceRecordSetsRequest request, CancellationToken cancellationToken = default);
}

public class AmazonRoute53Config() : QueryClientConfig(AmazonRoute53Client.Service.Model);

public class AmazonRoute53Exception(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonRoute53Client : QueryClient, IAmazonRoute53
{
    internal static readonly QueryService Service = new("route53", "AmazonRoute53", (message, inner, type, code, requestId, status) =>
        new AmazonRoute53Exception(message, inner, type, code, requestId, status));

    public AmazonRoute53Client() : base(Service, new AmazonRoute53Config())
    {
    }

    public AmazonRoute53Client(AmazonRoute53Config config) : base(Service, config)
    {
    }

    public AmazonRoute53Client(RegionEndpoint region) : base(Service, new AmazonRoute53Config { RegionEndpoint = region })
    {
    }

    public AmazonRoute53Client(AWSCredentials credentials) : base(Service, credentials, new AmazonRoute53Config())
    {
    }

    public AmazonRoute53Client(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonRoute53Config { RegionEndpoint = region })
    {
    }

    public AmazonRoute53Client(AWSCredentials credentials, AmazonRoute53Config clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<ChangeResourceRecordSetsResponse> ChangeResourceRecordSetsAsync(ChangeResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ChangeResourceRecordSetsResponse>(request, cancellationToken);

    public virtual Task<CreateHostedZoneResponse> CreateHostedZoneAsync(CreateHostedZoneRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateHostedZoneResponse>(request, cancellationToken);

    public virtual Task<DeleteHostedZoneResponse> DeleteHostedZoneAsync(DeleteHostedZoneRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteHostedZoneResponse>(request, cancellationToken);

    public virtual Task<GetChangeResponse> GetChangeAsync(GetChangeRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetChangeResponse>(request, cancellationToken);

    public virtual Task<GetHostedZoneResponse> GetHostedZoneAsync(GetHostedZoneRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetHostedZoneResponse>(request, cancellationToken);

    public virtual Task<ListHostedZonesResponse> ListHostedZonesAsync(ListHostedZonesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListHostedZonesResponse>(request, cancellationToken);

    public virtual Task<ListHostedZonesByNameResponse> ListHostedZonesByNameAsync(ListHostedZonesByNameRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListHostedZonesByNameResponse>(request, cancellationToken);

    public virtual Task<ListResourceRecordSetsResponse> ListResourceRecordSetsAsync(ListResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListResourceRecordSetsResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonRoute53Config();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonRoute53Client(awsCredentials, (AmazonRoute53Config)clientConfig);
}

public sealed class AcceleratedRecoveryStatus(string value) : ConstantClass(value)
{
    public static readonly AcceleratedRecoveryStatus ENABLING = new("ENABLING");
    public static readonly AcceleratedRecoveryStatus ENABLE_FAILED = new("ENABLE_FAILED");
    public static readonly AcceleratedRecoveryStatus ENABLING_HOSTED_ZONE_LOCKED = new("ENABLING_HOSTED_ZONE_LOCKED");
    public static readonly AcceleratedRecoveryStatus ENABLED = new("ENABLED");
    public static readonly AcceleratedRecoveryStatus DISABLING = new("DISABLING");
    public static readonly AcceleratedRecoveryStatus DISABLE_FAILED = new("DISABLE_FAILED");
    public static readonly AcceleratedRecoveryStatus DISABLED = new("DISABLED");
    public static readonly AcceleratedRecoveryStatus DISABLING_HOSTED_ZONE_LOCKED = new("DISABLING_HOSTED_ZONE_LOCKED");

    public static AcceleratedRecoveryStatus FindValue(string value) => FindValue<AcceleratedRecoveryStatus>(value);

    public static implicit operator AcceleratedRecoveryStatus(string value) => FindValue(value);
}

public sealed class ChangeAction(string value) : ConstantClass(value)
{
    public static readonly ChangeAction CREATE = new("CREATE");
    public static readonly ChangeAction DELETE = new("DELETE");
    public static readonly ChangeAction UPSERT = new("UPSERT");

    public static ChangeAction FindValue(string value) => FindValue<ChangeAction>(value);

    public static implicit operator ChangeAction(string value) => FindValue(value);
}

public sealed class ChangeStatus(string value) : ConstantClass(value)
{
    public static readonly ChangeStatus PENDING = new("PENDING");
    public static readonly ChangeStatus INSYNC = new("INSYNC");

    public static ChangeStatus FindValue(string value) => FindValue<ChangeStatus>(value);

    public static implicit operator ChangeStatus(string value) => FindValue(value);
}

public sealed class HostedZoneType(string value) : ConstantClass(value)
{
    public static readonly HostedZoneType PrivateHostedZone = new("PrivateHostedZone");

    public static HostedZoneType FindValue(string value) => FindValue<HostedZoneType>(value);

    public static implicit operator HostedZoneType(string value) => FindValue(value);
}

public sealed class RRType(string value) : ConstantClass(value)
{
    public static readonly RRType SOA = new("SOA");
    public static readonly RRType A = new("A");
    public static readonly RRType TXT = new("TXT");
    public static readonly RRType NS = new("NS");
    public static readonly RRType CNAME = new("CNAME");
    public static readonly RRType MX = new("MX");
    public static readonly RRType NAPTR = new("NAPTR");
    public static readonly RRType PTR = new("PTR");
    public static readonly RRType SRV = new("SRV");
    public static readonly RRType SPF = new("SPF");
    public static readonly RRType AAAA = new("AAAA");
    public static readonly RRType CAA = new("CAA");
    public static readonly RRType DS = new("DS");
    public static readonly RRType TLSA = new("TLSA");
    public static readonly RRType SSHFP = new("SSHFP");
    public static readonly RRType SVCB = new("SVCB");
    public static readonly RRType HTTPS = new("HTTPS");

    public static RRType FindValue(string value) => FindValue<RRType>(value);

    public static implicit operator RRType(string value) => FindValue(value);
}

public sealed class ResourceRecordSetFailover(string value) : ConstantClass(value)
{
    public static readonly ResourceRecordSetFailover PRIMARY = new("PRIMARY");
    public static readonly ResourceRecordSetFailover SECONDARY = new("SECONDARY");

    public static ResourceRecordSetFailover FindValue(string value) => FindValue<ResourceRecordSetFailover>(value);

    public static implicit operator ResourceRecordSetFailover(string value) => FindValue(value);
}

public sealed class ResourceRecordSetRegion(string value) : ConstantClass(value)
{
    public static readonly ResourceRecordSetRegion UsEast1 = new("us-east-1");
    public static readonly ResourceRecordSetRegion UsEast2 = new("us-east-2");
    public static readonly ResourceRecordSetRegion UsWest1 = new("us-west-1");
    public static readonly ResourceRecordSetRegion UsWest2 = new("us-west-2");
    public static readonly ResourceRecordSetRegion CaCentral1 = new("ca-central-1");
    public static readonly ResourceRecordSetRegion EuWest1 = new("eu-west-1");
    public static readonly ResourceRecordSetRegion EuWest2 = new("eu-west-2");
    public static readonly ResourceRecordSetRegion EuWest3 = new("eu-west-3");
    public static readonly ResourceRecordSetRegion EuCentral1 = new("eu-central-1");
    public static readonly ResourceRecordSetRegion EuCentral2 = new("eu-central-2");
    public static readonly ResourceRecordSetRegion ApSoutheast1 = new("ap-southeast-1");
    public static readonly ResourceRecordSetRegion ApSoutheast2 = new("ap-southeast-2");
    public static readonly ResourceRecordSetRegion ApSoutheast3 = new("ap-southeast-3");
    public static readonly ResourceRecordSetRegion ApNortheast1 = new("ap-northeast-1");
    public static readonly ResourceRecordSetRegion ApNortheast2 = new("ap-northeast-2");
    public static readonly ResourceRecordSetRegion ApNortheast3 = new("ap-northeast-3");
    public static readonly ResourceRecordSetRegion EuNorth1 = new("eu-north-1");
    public static readonly ResourceRecordSetRegion SaEast1 = new("sa-east-1");
    public static readonly ResourceRecordSetRegion CnNorth1 = new("cn-north-1");
    public static readonly ResourceRecordSetRegion CnNorthwest1 = new("cn-northwest-1");
    public static readonly ResourceRecordSetRegion ApEast1 = new("ap-east-1");
    public static readonly ResourceRecordSetRegion MeSouth1 = new("me-south-1");
    public static readonly ResourceRecordSetRegion MeCentral1 = new("me-central-1");
    public static readonly ResourceRecordSetRegion ApSouth1 = new("ap-south-1");
    public static readonly ResourceRecordSetRegion ApSouth2 = new("ap-south-2");
    public static readonly ResourceRecordSetRegion AfSouth1 = new("af-south-1");
    public static readonly ResourceRecordSetRegion EuSouth1 = new("eu-south-1");
    public static readonly ResourceRecordSetRegion EuSouth2 = new("eu-south-2");
    public static readonly ResourceRecordSetRegion ApSoutheast4 = new("ap-southeast-4");
    public static readonly ResourceRecordSetRegion IlCentral1 = new("il-central-1");
    public static readonly ResourceRecordSetRegion CaWest1 = new("ca-west-1");
    public static readonly ResourceRecordSetRegion ApSoutheast5 = new("ap-southeast-5");
    public static readonly ResourceRecordSetRegion MxCentral1 = new("mx-central-1");
    public static readonly ResourceRecordSetRegion ApSoutheast7 = new("ap-southeast-7");
    public static readonly ResourceRecordSetRegion UsGovEast1 = new("us-gov-east-1");
    public static readonly ResourceRecordSetRegion UsGovWest1 = new("us-gov-west-1");
    public static readonly ResourceRecordSetRegion ApEast2 = new("ap-east-2");
    public static readonly ResourceRecordSetRegion ApSoutheast6 = new("ap-southeast-6");
    public static readonly ResourceRecordSetRegion EuscDeEast1 = new("eusc-de-east-1");

    public static ResourceRecordSetRegion FindValue(string value) => FindValue<ResourceRecordSetRegion>(value);

    public static implicit operator ResourceRecordSetRegion(string value) => FindValue(value);
}

public sealed class VPCRegion(string value) : ConstantClass(value)
{
    public static readonly VPCRegion UsEast1 = new("us-east-1");
    public static readonly VPCRegion UsEast2 = new("us-east-2");
    public static readonly VPCRegion UsWest1 = new("us-west-1");
    public static readonly VPCRegion UsWest2 = new("us-west-2");
    public static readonly VPCRegion EuWest1 = new("eu-west-1");
    public static readonly VPCRegion EuWest2 = new("eu-west-2");
    public static readonly VPCRegion EuWest3 = new("eu-west-3");
    public static readonly VPCRegion EuCentral1 = new("eu-central-1");
    public static readonly VPCRegion EuCentral2 = new("eu-central-2");
    public static readonly VPCRegion ApEast1 = new("ap-east-1");
    public static readonly VPCRegion MeSouth1 = new("me-south-1");
    public static readonly VPCRegion UsGovWest1 = new("us-gov-west-1");
    public static readonly VPCRegion UsGovEast1 = new("us-gov-east-1");
    public static readonly VPCRegion UsIsoEast1 = new("us-iso-east-1");
    public static readonly VPCRegion UsIsoWest1 = new("us-iso-west-1");
    public static readonly VPCRegion UsIsobEast1 = new("us-isob-east-1");
    public static readonly VPCRegion MeCentral1 = new("me-central-1");
    public static readonly VPCRegion ApSoutheast1 = new("ap-southeast-1");
    public static readonly VPCRegion ApSoutheast2 = new("ap-southeast-2");
    public static readonly VPCRegion ApSoutheast3 = new("ap-southeast-3");
    public static readonly VPCRegion ApSouth1 = new("ap-south-1");
    public static readonly VPCRegion ApSouth2 = new("ap-south-2");
    public static readonly VPCRegion ApNortheast1 = new("ap-northeast-1");
    public static readonly VPCRegion ApNortheast2 = new("ap-northeast-2");
    public static readonly VPCRegion ApNortheast3 = new("ap-northeast-3");
    public static readonly VPCRegion EuNorth1 = new("eu-north-1");
    public static readonly VPCRegion SaEast1 = new("sa-east-1");
    public static readonly VPCRegion CaCentral1 = new("ca-central-1");
    public static readonly VPCRegion CnNorth1 = new("cn-north-1");
    public static readonly VPCRegion CnNorthwest1 = new("cn-northwest-1");
    public static readonly VPCRegion AfSouth1 = new("af-south-1");
    public static readonly VPCRegion EuSouth1 = new("eu-south-1");
    public static readonly VPCRegion EuSouth2 = new("eu-south-2");
    public static readonly VPCRegion ApSoutheast4 = new("ap-southeast-4");
    public static readonly VPCRegion IlCentral1 = new("il-central-1");
    public static readonly VPCRegion CaWest1 = new("ca-west-1");
    public static readonly VPCRegion ApSoutheast5 = new("ap-southeast-5");
    public static readonly VPCRegion MxCentral1 = new("mx-central-1");
    public static readonly VPCRegion UsIsofSouth1 = new("us-isof-south-1");
    public static readonly VPCRegion UsIsofEast1 = new("us-isof-east-1");
    public static readonly VPCRegion ApSoutheast7 = new("ap-southeast-7");
    public static readonly VPCRegion ApEast2 = new("ap-east-2");
    public static readonly VPCRegion EuIsoeWest1 = new("eu-isoe-west-1");
    public static readonly VPCRegion ApSoutheast6 = new("ap-southeast-6");
    public static readonly VPCRegion UsIsobWest1 = new("us-isob-west-1");
    public static readonly VPCRegion EuscDeEast1 = new("eusc-de-east-1");

    public static VPCRegion FindValue(string value) => FindValue<VPCRegion>(value);

    public static implicit operator VPCRegion(string value) => FindValue(value);
}
