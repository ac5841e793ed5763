using System.Net;
using Amazon.Runtime;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Which AWS the clients speak to, and as whom.</summary>
/// <param name="Endpoint">Replaces AWS's endpoints for every service; null on AWS.</param>
/// <param name="Region">E.g. <c>eu-west-1</c>; every request is signed for it.</param>
/// <param name="AccountId">Twelve digits.</param>
/// <param name="Credentials">Null for the SDK's default chain.</param>
/// <param name="IsLocal">Whether it is LocalCloud.</param>
public sealed record AwsTarget(Uri? Endpoint, string Region, string AccountId, AWSCredentials? Credentials, bool IsLocal)
{
    /// <summary>The name server that answers for hosted zones; null where every resolver finds it by itself: on AWS.</summary>
    public IPEndPoint? NameServer { get; init; }
}
