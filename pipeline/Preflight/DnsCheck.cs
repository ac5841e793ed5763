using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the hosted zone is there, has the virtual hostnames in it, and nobody else's records at them.</summary>
public sealed class DnsCheck(EnvironmentSettings settings, DnsStage dns) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "DNS";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Dns is null) return new CheckResult(null, [], []);
        var foreign = await dns.ForeignAsync(cancellationToken);
        return CheckResult.Of(
            $"the names of the virtual hostnames are free in {settings.Dns.Zone}, or the cluster's own",
            foreign.Select(name => new Problem($"{name}, which this cluster did not make.", $"Remove that record, or approve that the name leads to this cluster: --approve={settings.Cluster}.")));
    }
}
