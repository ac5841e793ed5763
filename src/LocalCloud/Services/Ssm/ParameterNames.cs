using System.Text.RegularExpressions;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>The rules of parameter names.</summary>
internal static partial class ParameterNames
{
    private const int DeepestLevel = 15;
    private const int LongestName = 1011;

    /// <exception cref="AwsException">A new parameter may not have this name.</exception>
    public static void CheckNew(string name)
    {
        if (!Allowed().IsMatch(name))
            throw Invalid("Only a mix of letters, numbers and the following 4 symbols .-_/ are allowed.");
        if (name.Contains('/', StringComparison.Ordinal) && !name.StartsWith('/'))
            throw Invalid("Parameter name must be a fully qualified name.");
        if (name.EndsWith('/') || name.Contains("//", StringComparison.Ordinal)) throw Invalid("Parameter name has an empty level.");
        if (name.Length > LongestName) throw Invalid($"Parameter name must not be longer than {LongestName} characters.");
        var first = name.TrimStart('/');
        if (first.StartsWith("ssm", StringComparison.OrdinalIgnoreCase)) throw Invalid("Parameter name: can't be prefixed with \"ssm\" (case-insensitive).");
        if (first.StartsWith("aws", StringComparison.OrdinalIgnoreCase)) throw new AwsException("AccessDeniedException", $"No access to reserved parameter name: {name}.");
        if (name.Count(character => character == '/') > DeepestLevel)
            throw new AwsException("HierarchyLevelLimitExceededException", $"A hierarchy can have a maximum of {DeepestLevel} levels.");
    }

    /// <summary>Takes apart what a reader may write: an ARN, and a version after a colon.</summary>
    public static (string Name, string? Selector) Parse(string text)
    {
        const string Marker = ":parameter";
        if (text.StartsWith("arn:", StringComparison.Ordinal) && text.IndexOf(Marker, StringComparison.Ordinal) is > 0 and var index)
        {
            // A name without slashes has one in its ARN nevertheless.
            var path = text[(index + Marker.Length)..];
            text = path.LastIndexOf('/') == 0 ? path[1..] : path;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[colon..]);
    }

    public static string Arn(CloudContext cloud, string name) =>
        $"arn:aws:ssm:{cloud.Region}:{cloud.AccountId}:parameter{(name.StartsWith('/') ? "" : "/")}{name}";

    private static AwsException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex("^[a-zA-Z0-9_.\\-/]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
