namespace SyncStorage.Pipeline.Aws;

/// <summary>What a call does.</summary>
public enum CallKind
{
    /// <summary>Looks, and changes nothing.</summary>
    Reading,

    /// <summary>Changes something.</summary>
    Mutating,

    /// <summary>Runs a command on an instance, or asks for its answer.</summary>
    Remote,

    /// <summary>Reads or writes what the deployment keeps about itself: lock, journal, history.</summary>
    State,
}

/// <summary>The calls of one operation.</summary>
/// <param name="Service">E.g. <c>ec2</c>.</param>
/// <param name="Operation">E.g. <c>RunInstances</c>.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Count">Calls, without retries.</param>
/// <param name="Retries">Further attempts.</param>
/// <param name="Polls">How many of the calls were looks of a wait.</param>
public sealed record OperationCalls(string Service, string Operation, CallKind Kind, int Count, int Retries, int Polls);

/// <summary>The AWS calls of a run.</summary>
/// <param name="ByOperation">Sorted by service and operation.</param>
public sealed record ApiCalls(IReadOnlyList<OperationCalls> ByOperation)
{
    /// <summary>Calls that looked, polls included.</summary>
    public int Reading => Sum(CallKind.Reading);

    /// <summary>Calls that changed something.</summary>
    public int Mutating => Sum(CallKind.Mutating);

    /// <summary>Calls that ran commands on instances or asked for their answers.</summary>
    public int Remote => Sum(CallKind.Remote);

    /// <summary>Calls that read or wrote lock, journal and history.</summary>
    public int State => Sum(CallKind.State);

    /// <summary>Of the reading calls, those that were looks of a wait.</summary>
    public int Polls => ByOperation.Where(calls => calls.Kind == CallKind.Reading).Sum(calls => calls.Polls);

    private int Sum(CallKind kind) => ByOperation.Where(calls => calls.Kind == kind).Sum(calls => calls.Count);
}

/// <summary>Names and sorts calls.</summary>
internal static class CallKinds
{
    private static readonly string[] ReadingVerbs = ["Describe", "Get", "List", "Head", "Filter"];

    private static readonly HashSet<string> RemoteOperations =
        ["SendCommand", "ListCommandInvocations", "ListCommands", "GetCommandInvocation", "DescribeInstanceInformation", "CancelCommand"];

    public static CallKind Of(string service, string operation) =>
        service == "ssm" && RemoteOperations.Contains(operation) ? CallKind.Remote
        : Array.Exists(ReadingVerbs, verb => operation.StartsWith(verb, StringComparison.Ordinal)) ? CallKind.Reading
        : CallKind.Mutating;

    public static (string Service, string Operation) NameOf(string serviceId, Type request)
    {
        var operation = request.Name.EndsWith("Request", StringComparison.Ordinal) ? request.Name[..^"Request".Length] : request.Name;
        var service = serviceId.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            "elasticloadbalancing" => "elb",
            "identitymanagementservice" => "iam",
            "cloudwatchlogs" => "logs",
            var id => id,
        };
        // The SDK's request for HeadObject is called GetObjectMetadata, and so on; the wire's names are the ones that people know.
        return (service, (service, operation) switch
        {
            ("s3", "GetObjectMetadata") => "HeadObject",
            ("s3", "PutBucket") => "CreateBucket",
            ("s3", "PutLifecycleConfiguration") => "PutBucketLifecycleConfiguration",
            ("s3", "GetLifecycleConfiguration") => "GetBucketLifecycleConfiguration",
            _ => operation,
        });
    }
}
