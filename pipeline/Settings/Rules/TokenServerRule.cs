namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>The token server has a name, ports and a dbnode that fit the rest.</summary>
internal sealed class TokenServerRule : ISettingsRule
{
    private const string Path = "tokenServer";

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.TokenServer is not { } server) return;
        if (settings.Hosts.Any(host => host.Hostname == server.Hostname))
            errors.Add($"{Path}.hostname", $"\"{server.Hostname}\" is a virtual hostname: the token server needs a name of its own");
        CheckZone(settings, server, errors);
        if (server.Dbnode is { } wanted && settings.Dbnodes.All(node => node.Name != wanted))
            errors.Add($"{Path}.dbnode", $"there is no dbnode \"{wanted}\"{NearestName.Advice(wanted, [.. settings.Dbnodes.Select(node => node.Name)])}");
        if (settings.TokenServerNode is { } node && node.Hosts.Any(host => host.Database == server.Database))
            errors.Add($"{Path}.database", $"\"{server.Database}\" is the database of a virtual hostname on {node.Name}: the token server needs one of its own");
        if (server.Accounts.Url.Scheme is not ("http" or "https") || server.Accounts.Url.Query.Length > 0)
            errors.Add($"{Path}.accounts.url", $"must be an http or https address without a query, is {server.Accounts.Url}");
        else if (settings.LocalCloud is null && server.Accounts.Url.Scheme != "https")
            errors.Add($"{Path}.accounts.url", $"must be an https address on AWS, is {server.Accounts.Url}: who answers there says who users are");
        CheckListener(settings, server.LoadBalancer, errors);
    }

    private static void CheckZone(EnvironmentSettings settings, TokenServerSettings server, SettingsErrors errors)
    {
        if (settings.Dns is { } dns && settings.ZoneIdInSettings is null && !server.Hostname.EndsWith($".{dns.Zone}", StringComparison.Ordinal))
            errors.Add($"{Path}.hostname", $"must be in the hosted zone {dns.Zone} that dns.zone names, is \"{server.Hostname}\"");
    }

    private static void CheckListener(EnvironmentSettings settings, TokenServerListenerSettings listener, SettingsErrors errors)
    {
        if (settings.LocalCloud is { } local)
        {
            // There all load balancers listen at the one address of this machine.
            if (settings.ListenerPorts.Contains(listener.Port)) errors.Add($"{Path}.loadBalancer.port", $"must differ from the ports of loadBalancer, is {listener.Port}");
            if (listener.Port == local.Port) errors.Add($"{Path}.loadBalancer.port", $"must differ from localCloud.port, both are {local.Port}");
        }

        if (listener.Https is { } https) HttpsRule.CheckCertificate(settings, https.CertificateArn, $"{Path}.loadBalancer.https.certificateArn", errors);
    }
}
