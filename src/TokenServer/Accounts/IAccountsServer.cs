using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>The accounts server, as token servers ask it.</summary>
internal interface IAccountsServer
{
    /// <summary>The keys that sign its tokens.</summary>
    /// <exception cref="AccountsException">They can't be had.</exception>
    Task<IReadOnlyList<JsonWebKey>> ReadKeysAsync(CancellationToken cancellationToken);

    /// <summary>Has it verify a token; null if it refuses it.</summary>
    /// <exception cref="AccountsException">It gave no answer that says so.</exception>
    Task<VerifyAnswer?> VerifyAsync(string token, CancellationToken cancellationToken);
}

/// <summary>The accounts server gives no answer, or none that can be read. The message has no part of a token.</summary>
internal sealed class AccountsException(string message, Exception? inner = null) : Exception(message, inner);
