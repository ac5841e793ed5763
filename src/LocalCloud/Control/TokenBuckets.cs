using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Control;

/// <summary>
/// AWS's request throttling. EC2's bucket sizes and refill rates are the published ones; the other services publish
/// none, so theirs are what has been seen to be safe.
/// </summary>
internal sealed class TokenBuckets(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (double Tokens, long At)> levels = new(StringComparer.Ordinal);

    /// <summary>Takes a token; false if the call is throttled.</summary>
    public bool TryTake(string service, string operation, JsonObject input, double speed)
    {
        if (Of(service, operation, input) is not var (name, size, refill)) return true;
        lock (gate)
        {
            var now = time.GetTimestamp();
            var level = levels.TryGetValue(name, out var last)
                ? Math.Min(size, last.Tokens + (time.GetElapsedTime(last.At, now).TotalSeconds * refill * speed))
                : size;
            levels[name] = (level >= 1 ? level - 1 : level, now);
            return level >= 1;
        }
    }

    /// <summary>The bucket of an operation: its name, how many tokens it holds, and how many come back a second.</summary>
    internal static (string Name, double Size, double Refill)? Of(string service, string operation, JsonObject input) => (service, operation) switch
    {
        ("s3", _) => null,
        ("ec2", "RunInstances") => ("ec2 RunInstances", 5, 2),
        ("ec2", "TerminateInstances") => ("ec2 TerminateInstances", 100, 5),
        ("ec2", "CreateTags" or "DeleteTags") => ($"ec2 {operation}", 100, 10),
        ("ec2", _) when !FaultRule.IsReading(operation) => ("ec2 mutating", 50, 5),
        ("ec2", _) when IsNarrow(input) => ("ec2 reading", 100, 20),
        ("ec2", _) => ("ec2 reading, unfiltered", 50, 10),
        ("ssm", "GetParameter" or "GetParameters" or "GetParametersByPath") => ("ssm parameters", 40, 40),
        ("ssm", "PutParameter" or "DeleteParameter" or "DeleteParameters") => ("ssm parameter changes", 3, 3),
        _ when FaultRule.IsReading(operation) => ($"{service} reading", 40, 10),
        _ => ($"{service} mutating", 20, 5),
    };

    /// <summary>With ids, filters or pages.</summary>
    private static bool IsNarrow(JsonObject input) =>
        input.Any(member => member.Key is "Filters" or "MaxResults" || (member.Key.EndsWith("Ids", StringComparison.Ordinal) && member.Value is JsonArray { Count: > 0 }));
}
