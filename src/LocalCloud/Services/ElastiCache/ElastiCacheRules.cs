namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>What AWS accepts; pure.</summary>
internal static class ElastiCacheRules
{
    public const int MaxNodes = 60;

    /// <summary>Versions as AWS had them, the newest first.</summary>
    private static readonly string[] Versions = ["1.6.22", "1.6.17", "1.6.12", "1.6.6"];

    public static string Engine(string? engine) => engine is null or "memcached"
        ? "memcached"
        : throw ElastiCacheErrors.Value($"Invalid engine: {engine}. LocalCloud has memcached.");

    /// <summary>The full version that a prefix (or none) stands for.</summary>
    public static string EngineVersion(string? asked) => asked is null
        ? Versions[0]
        : Versions.FirstOrDefault(version => version == asked || version.StartsWith(asked + ".", StringComparison.Ordinal))
            ?? throw ElastiCacheErrors.Combination($"Cannot find version {asked} for memcached");

    /// <summary>Identifiers are kept in lower case, as on AWS.</summary>
    public static string Identifier(string member, string text, int maxLength)
    {
        var valid = text.Length > 0 && text.Length <= maxLength && char.IsAsciiLetter(text[0]) && text[^1] != '-'
            && !text.Contains("--", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
#pragma warning disable CA1308 // AWS lowers them.
        return valid ? text.ToLowerInvariant() : throw ElastiCacheErrors.Value(
            $"The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
            + $"must not end with a hyphen or contain two consecutive hyphens; and have at most {maxLength} characters.");
#pragma warning restore CA1308
    }

    public static string NodeType(string? type) => type?.Split('.') is ["cache", { Length: > 1 }, { Length: > 1 }]
        ? type
        : throw ElastiCacheErrors.Value($"Invalid cache node type: {type}");

    public static int NodeCount(int? count) => count switch
    {
        null => 1,
        >= 1 and <= MaxNodes => count.Value,
        > MaxNodes => throw new AwsException("NodeQuotaForClusterExceeded", $"A memcached cluster has at most {MaxNodes} nodes."),
        _ => throw ElastiCacheErrors.Value("NumCacheNodes must be at least 1"),
    };

    public static int Port(int? port) => port is null or (>= 1024 and <= 65535) ? port ?? 11211 : throw ElastiCacheErrors.Value($"Invalid port: {port}");

    public static List<string> Subnets(List<string> subnets)
    {
        if (subnets.Count == 0) throw ElastiCacheErrors.InvalidSubnet("(none)");
        foreach (var subnet in subnets)
        {
            if (!CloudContext.SubnetIds.Contains(subnet, StringComparer.Ordinal)) throw ElastiCacheErrors.InvalidSubnet(subnet);
        }

        return [.. subnets.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Checks values that a user sets in a parameter group.</summary>
    public static void Parameters(IReadOnlyList<(string Name, string Value)> values)
    {
        if (values.Count is < 1 or > 20) throw ElastiCacheErrors.Value("Between 1 and 20 parameters may be modified in one request.");
        foreach (var (name, value) in values)
        {
            var parameter = MemcachedParameters.All.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw ElastiCacheErrors.Value($"The parameter {name} does not exist in the family {MemcachedParameters.Family}");
            if (!parameter.Modifiable) throw ElastiCacheErrors.Value($"The parameter {name} cannot be modified");
            if (!parameter.Allows(value)) throw ElastiCacheErrors.Value($"The parameter value {value} for parameter {name} is not in the allowed range {parameter.Allowed}");
        }
    }
}
