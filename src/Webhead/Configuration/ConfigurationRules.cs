using System.Globalization;
using System.Net;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Configuration;

/// <summary>What must hold in a configuration document before it is used.</summary>
internal static class ConfigurationRules
{
    /// <summary>Checks a document.</summary>
    /// <exception cref="ConfigurationException">With every error.</exception>
    public static void Check(ConfigurationDocument document)
    {
        var errors = new List<string>();
        var formats = Compatibility.Current.Configuration;
        if (!formats.Contains(document.Format))
            errors.Add($"format {document.Format} is not one that this release reads ({formats})");

        CheckPort(document.Cache?.Port ?? 1, "cache.port", errors);
        CheckShare(document.Backoff.Probability, "backoff.probability", errors);
        CheckShare(document.Backoff.UnavailableProbability, "backoff.unavailableProbability", errors);
        if (document.Backoff.RetryAfterSeconds < 1) errors.Add("backoff.retryAfterSeconds must be at least 1");
        errors.AddRange(document.TrustedProxies.Where(network => !IPNetwork.TryParse(network, out _)).Select(network => $"trustedProxies: {network} is no CIDR"));
        for (var i = 0; i < document.Nodes.Count; i++) CheckNode(document.Nodes[i], $"nodes[{i}]", errors);

        var hosts = document.Nodes.SelectMany(node => node.Hosts).ToList();
        errors.AddRange(Repeated(document.Nodes.Select(node => node.Name)).Select(name => $"node {name} is there twice"));
        errors.AddRange(Repeated(hosts.Select(host => host.Hostname)).Select(name => $"virtual hostname {name} is there twice"));
        if (errors.Count > 0)
            throw new ConfigurationException($"Configuration {document.Version} is refused: {string.Join("; ", errors)}.");
    }

    private static void CheckNode(DatabaseNode node, string path, List<string> errors)
    {
        CheckPort(node.Port, $"{path}.port", errors);
        if (!SqlName.Pattern.IsMatch(node.User)) errors.Add($"{path}.user must match {SqlName.Pattern}");
        foreach (var host in node.Hosts)
        {
            if (!SqlName.Pattern.IsMatch(host.Database)) errors.Add($"{path}: database of {host.Hostname} must match {SqlName.Pattern}");
            if (!host.Origin.IsAbsoluteUri || host.Origin.Scheme is not ("http" or "https"))
                errors.Add($"{path}: origin of {host.Hostname} must be an http or https URL");
            else if (!host.Origin.Host.Equals(host.Hostname, StringComparison.OrdinalIgnoreCase))
                errors.Add($"{path}: origin of {host.Hostname} names the host {host.Origin.Host}");
        }

        errors.AddRange(Repeated(node.Hosts.Select(host => host.Database)).Select(name => $"{path}: database {name} is there twice"));
    }

    private static void CheckPort(int port, string path, List<string> errors)
    {
        if (port is < 1 or > 65535) errors.Add($"{path} must be a port, and is {port}");
    }

    private static void CheckShare(double share, string path, List<string> errors)
    {
        if (share is not (>= 0 and <= 1)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} must be from 0 to 1, and is {share}"));
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key);
}
