using System.Text.RegularExpressions;

namespace SyncStorage.TokenServer.Configuration;

/// <summary>What must hold in a document before it is used.</summary>
internal static partial class TokenDocumentRules
{
    private const int LongestToken = 3600;
    private const int LongestNode = 255;

    /// <summary>Checks a document.</summary>
    /// <exception cref="ConfigurationException">With every error.</exception>
    public static void Check(TokenDocument document)
    {
        var errors = new List<string>();
        var formats = Compatibility.Current.Configuration;
        if (!formats.Contains(document.Format))
            errors.Add($"format {document.Format} is not one that this release reads ({formats})");

        CheckOrigin(document.Origin, "origin", errors);
        CheckDatabase(document.Database, errors);
        CheckAccounts(document.Accounts, errors);
        foreach (var (host, index) in document.Hosts.Select((host, index) => (host, index)))
        {
            CheckOrigin(host.Origin, $"hosts[{index}].origin", errors);
            if (host.Origin.OriginalString.Length > LongestNode) errors.Add($"hosts[{index}].origin is longer than {LongestNode}");
        }

        errors.AddRange(document.Hosts.Where(host => host.Origin.IsAbsoluteUri).GroupBy(host => host.Node, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1).Select(group => $"{group.Key} is there twice"));
        CheckRange(document.Tokens.DurationSeconds, 1, LongestToken, "tokens.durationSeconds", errors);
        CheckRange(document.Purge.GraceSeconds, 0, int.MaxValue, "purge.graceSeconds", errors);
        CheckRange(document.Purge.IntervalSeconds, 1, int.MaxValue, "purge.intervalSeconds", errors);
        if (errors.Count > 0)
            throw new ConfigurationException($"Configuration {document.Version} is refused: {string.Join("; ", errors)}.");
    }

    private static void CheckDatabase(TokenDatabase database, List<string> errors)
    {
        CheckRange(database.Port, 1, 65535, "database.port", errors);
        if (!SqlName.Pattern.IsMatch(database.User)) errors.Add($"database.user must match {SqlName.Pattern}");
        if (!SqlName.Pattern.IsMatch(database.Database)) errors.Add($"database.database must match {SqlName.Pattern}");
    }

    private static void CheckAccounts(AccountsSettings accounts, List<string> errors)
    {
        if (!Uri.TryCreate(accounts.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0)
            errors.Add("accounts.url must be an http or https URL without a query");
        if (!Domain.IsMatch(accounts.EmailDomain)) errors.Add($"accounts.emailDomain must match {Domain}");
        CheckRange(accounts.TimeoutSeconds, 1, 60, "accounts.timeoutSeconds", errors);
    }

    private static void CheckOrigin(Uri origin, string path, List<string> errors)
    {
        if (!origin.IsAbsoluteUri || origin.Scheme is not ("http" or "https") || origin.PathAndQuery != "/")
            errors.Add($"{path} must be an http or https origin, without a path");
    }

    private static void CheckRange(int value, int least, int most, string path, List<string> errors)
    {
        if (value < least || value > most) errors.Add($"{path} must be from {least} to {most}, and is {value}");
    }

    [GeneratedRegex("^[a-z0-9.-]{1,128}\\z")]
    private static partial Regex Domain { get; }
}
