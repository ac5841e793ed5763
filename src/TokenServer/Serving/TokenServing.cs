using System.Collections.Frozen;
using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Protocol;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Serving;

/// <summary>All that a configuration document makes of this process.</summary>
internal sealed class TokenServing
{
    public required TokenDocument Document { get; init; }

    /// <summary>The values that this was made with, to see whether they changed. Never shown.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>The database.</summary>
    public required TokenStore Store { get; init; }

    /// <summary>Users' records.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Verifies access tokens.</summary>
    public required AccountsClient Accounts { get; init; }

    /// <summary>Makes tokens.</summary>
    public required TokenIssuer Issuer { get; init; }

    /// <summary>Lets requests to the database.</summary>
    public required NodeGate Gate { get; init; }

    /// <summary>What signs the tokens of each node.</summary>
    public required FrozenDictionary<string, TokenSecret> Signers { get; init; }
}

/// <summary>Holds what requests are answered from.</summary>
internal sealed class TokenServingHolder
{
    private volatile TokenServing? current;

    /// <summary>Null until the first configuration has come.</summary>
    public TokenServing? Current
    {
        get => current;
        set => current = value;
    }
}

/// <summary>The accounts server with what is known of it: outlives a change of anything else.</summary>
internal sealed class AccountsClient : IDisposable
{
    private readonly AccountsServer server;

    public AccountsClient(AccountsSettings settings, TimeProvider time)
    {
        server = new AccountsServer(settings.Url);
        Keys = new SigningKeys(server, settings.Keys, time);
        Verifier = new OAuthVerifier(server, Keys, TimeSpan.FromSeconds(settings.TimeoutSeconds), time);
    }

    /// <summary>The keys that sign access tokens.</summary>
    public SigningKeys Keys { get; }

    /// <summary>Verifies access tokens.</summary>
    public OAuthVerifier Verifier { get; }

    public void Dispose()
    {
        Verifier.Dispose();
        server.Dispose();
    }
}
