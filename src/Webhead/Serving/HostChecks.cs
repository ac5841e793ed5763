using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Serving;

/// <summary>What those share that try this instance's own service as a Sync client, virtual hostname by virtual hostname.</summary>
internal static class HostChecks
{
    private const int AtOnce = 4;
    private const int LongestError = 200;

    /// <summary>Does something for each, some at once; the results are in their order.</summary>
    public static async Task<TResult[]> ForEachAsync<THost, TResult>(
        IReadOnlyList<THost> hosts, Func<THost, CancellationToken, Task<TResult>> checkAsync, CancellationToken cancellationToken)
    {
        var results = new TResult[hosts.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, hosts.Count, options, async (index, token) => results[index] = await checkAsync(hosts[index], token));
        return results;
    }

    /// <summary>A client of one of them, that speaks to this instance.</summary>
    public static SyncStorageClientOptions OptionsOf(InstanceSettings settings, HostEntry host, IReadOnlyDictionary<string, string> secrets, long uid) => new()
    {
        Origin = host.Origin,
        ConnectTo = settings.ServiceUri,
        TakesAnyCertificate = true,
        Secret = NodeSecrets.SignerOf(secrets[host.SecretParameter], host.SignWith),
        Uid = uid,
    };

    /// <summary>How it went, for the answer; what is wrong is cut to what an answer has room for.</summary>
    public static JsonObject Describe(string hostname, bool ok, string? error)
    {
        var description = new JsonObject { ["hostname"] = hostname, ["ok"] = ok };
        if (error is not null) description["error"] = error.Length <= LongestError ? error : error[..LongestError];
        return description;
    }
}
