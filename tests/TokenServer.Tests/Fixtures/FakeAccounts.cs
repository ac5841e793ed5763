using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>An accounts server in memory.</summary>
internal sealed class FakeAccounts : IAccountsServer
{
    public List<JsonWebKey> Keys { get; } = [];

    /// <summary>What it says of tokens; it refuses all others.</summary>
    public Dictionary<string, VerifyAnswer> Opaque { get; } = [];

    public int KeyReads { get; private set; }

    public int Verifications { get; private set; }

    /// <summary>While it is set, no call ends before.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>While it is set, every call fails with it.</summary>
    public AccountsException? Trouble { get; set; }

    public async Task<IReadOnlyList<JsonWebKey>> ReadKeysAsync(CancellationToken cancellationToken)
    {
        KeyReads++;
        await PassAsync(cancellationToken);
        return [.. Keys];
    }

    public async Task<VerifyAnswer?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        Verifications++;
        await PassAsync(cancellationToken);
        return Opaque.GetValueOrDefault(token);
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        if (Hold is { } hold) await hold.Task.WaitAsync(cancellationToken);
        if (Trouble is { } trouble) throw trouble;
    }
}
