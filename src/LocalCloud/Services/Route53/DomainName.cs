using System.Globalization;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>Domain names as Route 53 writes them: in lower case, with a dot at the end, and with octal escapes for what is no letter, digit, hyphen or underscore.</summary>
internal static class DomainName
{
    private const int LongestLabel = 63;
    private const int LongestName = 255;

    /// <summary>The name in that form; null if it is none.</summary>
    public static string? TryNormalize(string text)
    {
        var name = new StringBuilder();
        foreach (var letter in text.EndsWith('.') ? text[..^1] : text)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '\\') name.Append(char.ToLowerInvariant(letter));
            else if (letter < 256) name.Append(CultureInfo.InvariantCulture, $"\\{Convert.ToString(letter, 8).PadLeft(3, '0')}");
            else return null;
        }

        var normal = $"{name}.";
        return normal.Length <= LongestName && normal[..^1].Split('.').All(label => label.Length is >= 1 and <= LongestLabel) ? normal : null;
    }

    /// <summary>The name in that form.</summary>
    /// <exception cref="AwsException"><c>InvalidDomainName</c>.</exception>
    public static string Normalize(string text) => TryNormalize(text) ?? throw Route53Errors.InvalidDomainName(text);

    /// <summary>Whether a name is a domain's own, or below it.</summary>
    public static bool IsWithin(string name, string domain) => name == domain || name.EndsWith($".{domain}", StringComparison.Ordinal);

    /// <summary>By this zones and records are sorted: the labels from the last to the first.</summary>
    public static string SortKey(string name) => $"{string.Join('.', name.TrimEnd('.').Split('.').Reverse())}.";

    /// <summary>The id without the sort of thing that AWS writes before it: <c>/hostedzone/Z1</c> is <c>Z1</c>.</summary>
    public static string BareId(string id) => id[(id.LastIndexOf('/') + 1)..];
}
