using System.Net;

namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>Virtual hostnames are in the hosted zone, where that is named by its name; and leave room for the name that says whose they are.</summary>
internal sealed class DnsRule : ISettingsRule
{
    private const int LongestHostname = 240;

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Dns is not { } dns) return;
        if (dns.Resolver is { Length: > 0 } resolver && IPEndPoint.TryParse(resolver, out var server) is var isAddress && (!isAddress || server!.Port == 0))
            errors.Add("dns.resolver", $"must be an address with a port like 9.9.9.9:53, is \"{resolver}\"");
        for (var i = 0; i < settings.Dbnodes.Count; i++)
        {
            for (var j = 0; j < settings.Dbnodes[i].Hosts.Count; j++)
            {
                var (hostname, path) = (settings.Dbnodes[i].Hosts[j].Hostname, $"dbnodes[{i}].hosts[{j}].hostname");
                if (settings.ZoneIdInSettings is null && !hostname.Equals(dns.Zone, StringComparison.OrdinalIgnoreCase) && !hostname.EndsWith($".{dns.Zone}", StringComparison.OrdinalIgnoreCase))
                    errors.Add(path, $"must be in the hosted zone {dns.Zone} that dns.zone names, is \"{hostname}\"");
                if (hostname.Length > LongestHostname)
                    errors.Add(path, $"is {hostname.Length} characters long, at most {LongestHostname} are allowed with dns");
            }
        }
    }
}
