using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>What one service's client needs to know: its model, and how its exceptions are made.</summary>
/// <param name="model">The name of the model in AwsModels.</param>
/// <param name="clientName">The official prefix of its classes, e.g. <c>AmazonRDS</c>.</param>
/// <param name="createException">Makes the service's own exception.</param>
public sealed class QueryService(
    string model, string clientName, Func<string, Exception?, ErrorType, string, string, HttpStatusCode, AmazonServiceException> createException)
{
    public ServiceModel Model { get; } = ServiceModel.Load(model);

    public string ClientName => clientName;

    public IServiceMetadata Metadata { get; } = new QueryMetadata(clientName["Amazon".Length..]);

    internal AmazonServiceException Error(ErrorResponse error, Exception? inner, HttpStatusCode status) =>
        createException(error.Message, inner, error.Type, error.Code, error.RequestId, status);

    private sealed class QueryMetadata(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
