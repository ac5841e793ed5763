using System.Net;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// The token server's smoke test: through its load balancer nobody gets in without an access token; every instance gives tokens that every node accepts; and, with an
/// access token of a test account, the whole exchange of a Firefox: a token, an item stored with it, read back and deleted.
/// </summary>
public sealed class TokenServerSmokeTest(
    EnvironmentSettings settings, TokenServerParts parts, NodeAccess nodes, ClusterCertificate certificate, RemoteCommands remote, TimeProvider time, IProgress progress)
{
    // Always the same keys: of an account that a test has to itself no others are ever seen.
    private static readonly KeyIdentity Keys = new(KeysChangedAt: 1, "73796e6373746f726167652d736d6f6b");

    private string? AccessToken => settings.TokenServer?.SmokeTokenEnvironment is { } name ? Environment.GetEnvironmentVariable(name) : null;

    /// <summary>Looks for what it needs, before anything has begun.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.InvalidSettings"/>: the variable that is to hold an access token is not set.</exception>
    public void RequireReady()
    {
        if (settings.TokenServer?.SmokeTokenEnvironment is { } name && string.IsNullOrEmpty(AccessToken))
            throw new PipelineException(
                ErrorCode.InvalidSettings, $"The smoke test wants an access token in the environment variable {name} (tokenServer.smokeTokenEnvironment), which is not set.",
                hint: "Set it to an access token of a test account; or take the setting out, for a smoke test without that.");
    }

    /// <summary>Tests.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.SmokeTestFailed"/>.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await OnEachAsync(cancellationToken);
        var balancer = await parts.Observation.LoadBalancer.GetAsync(cancellationToken)
            ?? throw new PipelineException(ErrorCode.SmokeTestFailed, "The token server has no load balancer.", hint: "./build.sh --target=Deploy-Token-Server");
        var url = new Uri(parts.LoadBalancer.Url(balancer.Description.DNSName));
        using var client = new TokenServerClient(
            new TokenServerClientOptions { Origin = settings.TokenServerOrigin, ConnectTo = url, TrustedRoots = await parts.Certificate.RootsAsync(cancellationToken) });
        var refused = await AskAsync(client, accessToken: null, cancellationToken);
        if (refused is not { Status: HttpStatusCode.Unauthorized, Error: "error" })
            throw Failed($"a request without a token is answered {(int)refused.Status}, expected 401 with an error's body", refused.Body);
        progress.Found($"the token server answers through {url}, and lets nobody in without a token");
        if (AccessToken is { Length: > 0 } token) await ExchangeAsync(client, token, cancellationToken);
        else progress.Notice("the exchange of an access token was not tried: it takes one of a test account (tokenServer.smokeTokenEnvironment)");
    }

    private async Task OnEachAsync(CancellationToken cancellationToken)
    {
        List<string> serving = [.. (await parts.Fleet.WebheadsAsync(cancellationToken)).Where(instance => instance.Verdict.IsServing).Select(instance => instance.Id)];
        if (serving.Count == 0)
            throw new PipelineException(ErrorCode.SmokeTestFailed, "No token server is in service.", hint: "./build.sh --target=Status");
        var failed = (await remote.RunAsync(serving, TokenServerAdmin.Smoke(await nodes.UrlAsync(cancellationToken)), cancellationToken)).Where(result => !result.Succeeded).ToList();
        if (failed.Count > 0)
            throw Failed($"webheads do not accept the tokens of {failed.Count} of {serving.Count} token servers", string.Join('\n', failed.Select(NodeAccess.Describe)));
        progress.Found($"tokens of {serving.Count} token server{(serving.Count == 1 ? "" : "s")} are accepted by every node");
    }

    private async Task ExchangeAsync(TokenServerClient client, string accessToken, CancellationToken cancellationToken)
    {
        var grant = await AskAsync(client, accessToken, cancellationToken);
        if (grant.Given is not { } given) throw Failed($"the access token of {settings.TokenServer!.SmokeTokenEnvironment} is answered {(int)grant.Status}", grant.Body);
        var options = new SyncStorageClientOptions
        {
            Origin = new Uri(given.Payload.Node),
            Given = given,
            Uid = given.Payload.Uid,
            ConnectTo = await nodes.ReachableAsync(cancellationToken),
            TrustedRoots = await certificate.RootsAsync(cancellationToken),
        };
        var result = await SmokeTest.RunAsync(options, locate: null, time, cancellationToken);
        if (!result.Ok) throw Failed($"with the token that it gave, {result.Failed!.Name} fails at {given.Payload.Node}", result.Failed.Error);
        progress.Found($"an access token was exchanged for a token of {given.Payload.Node}, and an item was stored, read back and deleted with it");
    }

    private static async Task<TokenGrant> AskAsync(TokenServerClient client, string? accessToken, CancellationToken cancellationToken)
    {
        try
        {
            return await client.AskAsync(accessToken, Keys, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failed("it does not answer", failure.Message);
        }
    }

    private static PipelineException Failed(string what, string? lastSeen) =>
        new(ErrorCode.SmokeTestFailed, $"The token server's smoke test failed: {what}.", lastSeen: lastSeen, hint: "./build.sh --target=Status");
}
