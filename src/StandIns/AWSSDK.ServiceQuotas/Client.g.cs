// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.ServiceQuotas.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.ServiceQuotas;

public interface IAmazonServiceQuotas : IAmazonService, IDisposable
{
    Task<GetServiceQuotaResponse> GetServiceQuotaAsync(GetServiceQuotaRequest request, CancellationToken cancellationToken = default);
}

public class AmazonServiceQuotasConfig() : QueryClientConfig(AmazonServiceQuotasClient.Service.Model);

public class AmazonServiceQuotasException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonServiceQuotasClient : QueryClient, IAmazonServiceQuotas
{
    internal static readonly QueryService Service = new("servicequotas", "AmazonServiceQuotas", (message, inner, type, code, requestId, status) =>
        new AmazonServiceQuotasException(message, inner, type, code, requestId, status));

    public AmazonServiceQuotasClient() : base(Service, new AmazonServiceQuotasConfig())
    {
    }

    public AmazonServiceQuotasClient(AmazonServiceQuotasConfig config) : base(Service, config)
    {
    }

    public AmazonServiceQuotasClient(RegionEndpoint region) : base(Service, new AmazonServiceQuotasConfig { RegionEndpoint = region })
    {
    }

    public AmazonServiceQuotasClient(AWSCredentials credentials) : base(Service, credentials, new AmazonServiceQuotasConfig())
    {
    }

    public AmazonServiceQuotasClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonServiceQuotasConfig { RegionEndpoint = region })
    {
    }

    public AmazonServiceQuotasClient(AWSCredentials credentials, AmazonServiceQuotasConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<GetServiceQuotaResponse> GetServiceQuotaAsync(GetServiceQuotaRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetServiceQuotaResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonServiceQuotasConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonServiceQuotasClient(awsCredentials, (AmazonServiceQuotasConfig)clientConfig);
}

public sealed class AppliedLevelEnum(string value) : ConstantClass(value)
{
    public static readonly AppliedLevelEnum ACCOUNT = new("ACCOUNT");
    public static readonly AppliedLevelEnum RESOURCE = new("RESOURCE");
    public static readonly AppliedLevelEnum ALL = new("ALL");

    public static AppliedLevelEnum FindValue(string value) => FindValue<AppliedLevelEnum>(value);

    public static implicit operator AppliedLevelEnum(string value) => FindValue(value);
}

public sealed class ErrorCode(string value) : ConstantClass(value)
{
    public static readonly ErrorCode DEPENDENCY_ACCESS_DENIED_ERROR = new("DEPENDENCY_ACCESS_DENIED_ERROR");
    public static readonly ErrorCode DEPENDENCY_THROTTLING_ERROR = new("DEPENDENCY_THROTTLING_ERROR");
    public static readonly ErrorCode DEPENDENCY_SERVICE_ERROR = new("DEPENDENCY_SERVICE_ERROR");
    public static readonly ErrorCode SERVICE_QUOTA_NOT_AVAILABLE_ERROR = new("SERVICE_QUOTA_NOT_AVAILABLE_ERROR");

    public static ErrorCode FindValue(string value) => FindValue<ErrorCode>(value);

    public static implicit operator ErrorCode(string value) => FindValue(value);
}

public sealed class PeriodUnit(string value) : ConstantClass(value)
{
    public static readonly PeriodUnit MICROSECOND = new("MICROSECOND");
    public static readonly PeriodUnit MILLISECOND = new("MILLISECOND");
    public static readonly PeriodUnit SECOND = new("SECOND");
    public static readonly PeriodUnit MINUTE = new("MINUTE");
    public static readonly PeriodUnit HOUR = new("HOUR");
    public static readonly PeriodUnit DAY = new("DAY");
    public static readonly PeriodUnit WEEK = new("WEEK");

    public static PeriodUnit FindValue(string value) => FindValue<PeriodUnit>(value);

    public static implicit operator PeriodUnit(string value) => FindValue(value);
}

public sealed class QuotaContextScope(string value) : ConstantClass(value)
{
    public static readonly QuotaContextScope RESOURCE = new("RESOURCE");
    public static readonly QuotaContextScope ACCOUNT = new("ACCOUNT");

    public static QuotaContextScope FindValue(string value) => FindValue<QuotaContextScope>(value);

    public static implicit operator QuotaContextScope(string value) => FindValue(value);
}
