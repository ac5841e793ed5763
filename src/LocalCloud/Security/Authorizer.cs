using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Security.Access;
using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services.Iam;

namespace SyncStorage.LocalCloud.Security;

/// <summary>
/// Decides what a caller may do. The operator's credential may do everything; an instance what the policies of its role say, a deployer what its
/// own policy says: what nobody allows is refused.
/// </summary>
internal sealed class Authorizer(CloudContext cloud, IamService iam, ServiceRegistry services)
{
    private readonly TagLookup tags = new(services);
    private readonly ConcurrentDictionary<(string User, string Action), bool> used = new();

    /// <summary>Null if <paramref name="identity"/> may make the call, otherwise what AWS would say.</summary>
    public string? Refusal(Identity identity, ApiCall call)
    {
        // AWS answers this one to everybody, whatever the policies say.
        if (identity.Policies is not { } policies || call.Service == "sts") return null;
        foreach (var question in Questions(new AccessKeys(call, cloud, tags)))
        {
            if (policies.Refusal(question) is { } why) return Worded(call, question, why);
            used[(call.Caller.Arn, question.Action)] = true;
        }

        return null;
    }

    /// <summary>Whether the caller may learn that what it asked for is not there.</summary>
    public string? RefusalToMiss(Identity identity, ApiCall call, AwsException missing)
    {
        if (identity.Policies is not { } policies || call.Service != "s3" || missing.Code is not ("NoSuchKey" or "NotFound") || call.Input["Key"] is null) return null;
        var question = S3Access.MayMiss(new AccessKeys(call, cloud, tags));
        return policies.Refusal(question) is { } why ? Worded(call, question, why) : null;
    }

    /// <summary>The actions that a caller has been allowed since LocalCloud started, sorted.</summary>
    public IReadOnlyList<string> UsedBy(string arn) => [.. used.Keys.Where(entry => entry.User == arn).Select(entry => entry.Action).Order(StringComparer.Ordinal)];

    private IEnumerable<AccessQuestion> Questions(AccessKeys call) => call.Call.Service switch
    {
        "ec2" => Ec2Access.Of(call, iam),
        "elb" => DataAccess.OfLoadBalancing(call),
        "rds" => DataAccess.OfRds(call),
        "elasticache" => DataAccess.OfElastiCache(call),
        "ssm" => SsmAccess.Of(call),
        "s3" => S3Access.Of(call),
        "servicequotas" => [call.Ask($"servicequotas:{call.Call.Operation}", "*")],
        "iam" => IamAccess.Of(call, iam),
        "cloudwatch" => MonitoringAccess.OfCloudWatch(call),
        "logs" => MonitoringAccess.OfLogs(call),
        "route53" => Route53Access.Of(call),
        var other => throw new InvalidOperationException($"Nobody knows what {other} asks."),
    };

    private static string Worded(ApiCall call, AccessQuestion question, string why) =>
        $"{(call.Service == "ec2" ? "You are not authorized to perform this operation. " : "")}User: {call.Caller.Arn} is not authorized to perform: {question.Action}"
        + $"{(question.Resource == "*" ? "" : $" on resource: {question.Resource}")} {why}";
}
