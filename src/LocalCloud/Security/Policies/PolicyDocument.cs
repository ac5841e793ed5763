using System.Text.Json;

namespace SyncStorage.LocalCloud.Security.Policies;

/// <summary>A policy: what its holder may do, or, as the trust policy of a role, who may take the role.</summary>
internal sealed record PolicyDocument(IReadOnlyList<PolicyStatement> Statements)
{
    private static readonly string[] Versions = ["2012-10-17", "2008-10-17"];

    private static readonly HashSet<string> StatementMembers = new(StringComparer.Ordinal)
    {
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    };

    /// <summary>Reads a policy that is given to an identity.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static PolicyDocument Parse(string json) => Parse(json, isTrust: false);

    /// <summary>Reads the trust policy of a role.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static PolicyDocument ParseTrust(string json) => Parse(json, isTrust: true);

    /// <summary>What this document says of a question: an explicit denial outweighs whatever allows.</summary>
    public Verdict Judge(AccessQuestion question)
    {
        var verdict = Verdict.Silent;
        foreach (var statement in Statements.Where(statement => statement.Applies(question)))
        {
            if (!statement.Allows) return Verdict.Denied;
            verdict = Verdict.Allowed;
        }

        return verdict;
    }

    private static PolicyDocument Parse(string json, bool isTrust)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException("Syntax errors in policy.");
            if (root.TryGetProperty("Version", out var version) && !Versions.Contains(version.GetString()))
                throw new FormatException("Policy document must be version 2012-10-17 or greater.");
            var statements = !root.TryGetProperty("Statement", out var written) ? []
                : written.ValueKind == JsonValueKind.Array ? written.EnumerateArray().ToList() : [written];
            if (statements.Count == 0) throw new FormatException("Syntax errors in policy.");
            return new PolicyDocument([.. statements.Select(statement => Statement(statement, isTrust))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("Syntax errors in policy.", exception);
        }
    }

    private static PolicyStatement Statement(JsonElement written, bool isTrust)
    {
        if (written.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !StatementMembers.Contains(name)) is { } unknown) throw new FormatException($"Unknown field {unknown}.");
        var (actions, notActions) = Either(written, "Action");
        var (resources, notResources) = Either(written, "Resource");
        if (actions is null) throw new FormatException("Policy statement must contain actions.");
        if (actions.FirstOrDefault(action => action != "*" && !action.Contains(':', StringComparison.Ordinal)) is not null)
            throw new FormatException("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        if (!isTrust && resources is null) throw new FormatException("Policy statement must contain resources.");
        if (isTrust && resources is not null) throw new FormatException("Has prohibited field Resource");
        var principal = written.TryGetProperty("Principal", out var named) ? named : default;
        if (isTrust && principal.ValueKind == JsonValueKind.Undefined) throw new FormatException("Missing required field Principal");
        if (!isTrust && principal.ValueKind != JsonValueKind.Undefined) throw new FormatException("Policy document should not specify a principal.");
        if (resources?.FirstOrDefault(resource => resource != "*" && !resource.StartsWith("arn:", StringComparison.Ordinal)) is { } odd)
            throw new FormatException($"Resource {odd} must be in ARN format or \"*\".");
        return new PolicyStatement(
            written.TryGetProperty("Sid", out var sid) ? sid.GetString() : null, Effect(written), actions, notActions, resources ?? [], notResources, Conditions(written), Services(principal));
    }

    private static bool Effect(JsonElement statement) => (statement.TryGetProperty("Effect", out var effect) ? effect.GetString() : null) switch
    {
        "Allow" => true,
        "Deny" => false,
        var other => throw new FormatException($"Invalid effect: {other}"),
    };

    private static (IReadOnlyList<string>? Values, bool Negated) Either(JsonElement statement, string name) =>
        statement.TryGetProperty(name, out var values) ? (Texts(values), false)
        : statement.TryGetProperty("Not" + name, out var others) ? (Texts(others), true)
        : (null, false);

    private static List<PolicyCondition> Conditions(JsonElement statement) => statement.TryGetProperty("Condition", out var written)
        ? [.. written.EnumerateObject().SelectMany(block => block.Value.EnumerateObject().Select(line => PolicyCondition.Parse(block.Name, line.Name, Texts(line.Value))))]
        : [];

    private static IReadOnlyList<string> Services(JsonElement principal) => principal.ValueKind switch
    {
        JsonValueKind.Object when principal.TryGetProperty("Service", out var services) => Texts(services),
        JsonValueKind.String => [principal.GetString()!],
        _ => [],
    };

    private static IReadOnlyList<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(Text)],
        _ => [Text(value)],
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => value.GetRawText(),
        _ => throw new FormatException("Syntax errors in policy."),
    };
}

/// <summary>What a policy says of a question.</summary>
internal enum Verdict
{
    /// <summary>Nothing: what nobody allows is refused.</summary>
    Silent,

    /// <summary>A statement allows it, and none denies it.</summary>
    Allowed,

    /// <summary>A statement denies it.</summary>
    Denied,
}
