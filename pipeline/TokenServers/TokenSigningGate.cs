using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>What new token servers must pass before they take traffic: they refuse who shows no token, and every node accepts a token that is signed as they sign.</summary>
public sealed class TokenSigningGate(NodeAccess nodes, RemoteCommands remote, IProgress progress) : JoiningGate
{
    /// <inheritdoc/>
    public override async Task PassAsync(IReadOnlyCollection<string> joining, string release, bool withOthers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(joining);
        var failed = (await remote.RunAsync(joining, TokenServerAdmin.Smoke(await nodes.UrlAsync(cancellationToken)), cancellationToken)).Where(result => !result.Succeeded).ToList();
        if (failed.Count > 0)
            throw new PipelineException(
                ErrorCode.GateFailed, $"{failed.Count} of {joining.Count} token servers of release {release} do not give tokens that webheads accept.",
                lastSeen: string.Join('\n', failed.Select(NodeAccess.Describe)), hint: "They took no traffic. Mend what the lines above name (./build.sh --target=Status).");
        progress.Found($"signing gate passed by {string.Join(", ", joining)}");
    }
}
