using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>
/// The keys that sign access tokens: those of the configuration, or else the accounts server's own. They are fetched when first needed,
/// again when they have become old (meanwhile the old ones are good), and when a token names one that is not among them; the last two not
/// more often than every few seconds, whatever tokens name.
/// </summary>
internal sealed class SigningKeys(IAccountsServer server, IReadOnlyList<JsonWebKey>? configured, TimeProvider time)
{
    private static readonly TimeSpan Old = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly bool fixedKeys = configured is { Count: > 0 };
    private volatile IReadOnlyList<RsaKey>? keys = configured is { Count: > 0 } ? Usable(configured) : null;
    private Task? fetching;
    private long fetchedAt;
    private long? askedAt;

    /// <summary>How many keys are known; null if none were fetched yet.</summary>
    public int? Count => keys?.Count;

    /// <summary>Why the last attempt to fetch them failed; null if it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The keys that may have signed a token: the one of that id, or all if none is named. Empty if there is none.</summary>
    public async ValueTask<IReadOnlyList<RsaKey>> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (keys is { } known && Choose(known, keyId) is { Count: > 0 } chosen)
        {
            if (!fixedKeys && time.GetElapsedTime(Volatile.Read(ref fetchedAt)) > Old) _ = FetchAsync();
            return chosen;
        }

        if (fixedKeys) return [];
        await FetchAsync().WaitAsync(cancellationToken);
        return Choose(keys ?? [], keyId);
    }

    private static IReadOnlyList<RsaKey> Choose(IReadOnlyList<RsaKey> keys, string? keyId) =>
        keyId is null ? keys : [.. keys.Where(key => key.Id == keyId)];

    /// <summary>Fetches them, unless that was tried a moment ago; all that ask at once share one request. Doesn't throw.</summary>
    private Task FetchAsync()
    {
        lock (gate)
        {
            if (fetching is { IsCompleted: false }) return fetching;
            if (askedAt is { } asked && time.GetElapsedTime(asked) < AskAgain) return Task.CompletedTask;
            askedAt = time.GetTimestamp();
            return fetching = FetchNowAsync();
        }
    }

    private async Task FetchNowAsync()
    {
        // Its own budget: whoever asked first may go away, and the others still want them.
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            keys = Usable(await server.ReadKeysAsync(patience.Token));
            Volatile.Write(ref fetchedAt, time.GetTimestamp());
            Trouble = null;
        }
        catch (Exception exception) when (exception is AccountsException or OperationCanceledException)
        {
            Trouble = exception is AccountsException ? exception.Message : "/v1/jwks gives no answer in time";
        }
    }

    private static IReadOnlyList<RsaKey> Usable(IReadOnlyList<JsonWebKey> keys) => [.. keys.Select(RsaKey.TryMake).OfType<RsaKey>()];
}
