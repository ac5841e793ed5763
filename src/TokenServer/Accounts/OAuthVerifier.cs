namespace SyncStorage.TokenServer.Accounts;

/// <summary>Who a request's bearer is, as the accounts server says.</summary>
/// <param name="User">The account's id.</param>
/// <param name="Generation">A number that grows when the account's password changes; null if it was not told.</param>
internal sealed record Identity(string User, long? Generation);

/// <summary>Why an access token opens nothing.</summary>
internal enum TokenVerdict
{
    /// <summary>It opens.</summary>
    Good,

    /// <summary>It is not, or no longer, what it would have to be.</summary>
    Refused,

    /// <summary>The accounts server would have to say, and says nothing.</summary>
    Unknown,
}

/// <summary>
/// Verifies access tokens: those that are JSON Web Tokens by their signature, here; all others, and those that a key has signed which is not
/// known here, by asking the accounts server. Nothing is remembered of a token. Verifying a signature is cheap beside the query that follows, and
/// what the accounts server says of a token may be otherwise a moment later.
/// </summary>
internal sealed class OAuthVerifier(IAccountsServer server, SigningKeys keys, TimeSpan timeout, TimeProvider time) : IDisposable
{
    /// <summary>The scope that a token must have.</summary>
    public const string Scope = "https://identity.mozilla.com/apps/oldsync";

    private const string Algorithm = "RS256";
    private const int MostAsking = 64;

    // What asks the accounts server holds a request for as long as that takes: a flood of tokens that nobody knows must not hold all.
    private readonly SemaphoreSlim asking = new(MostAsking);

    /// <summary>Verifies a token.</summary>
    /// <returns>The verdict, and who it is if it is good.</returns>
    public async Task<(TokenVerdict Verdict, Identity? Identity)> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        var token = AccessToken.TryRead(text);
        if (token is not null && (token.Algorithm != Algorithm || !IsAccessToken(token.Type))) return (TokenVerdict.Refused, null);

        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (token is not null && await keys.FindAsync(token.KeyId, either.Token) is { Count: > 0 } candidates)
            {
                if (candidates.Any(key => key.Verifies(token))) return Judge(token.Claims);

                // The very key that it names has not signed it. Without a name it may be a key that is new.
                if (token.KeyId is not null) return (TokenVerdict.Refused, null);
            }

            return await AskAsync(text, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (TokenVerdict.Unknown, null);
        }
    }

    public void Dispose() => asking.Dispose();

    private static bool IsAccessToken(string? type) =>
        "at+jwt".Equals(type, StringComparison.OrdinalIgnoreCase) || "application/at+jwt".Equals(type, StringComparison.OrdinalIgnoreCase);

    private (TokenVerdict Verdict, Identity? Identity) Judge(AccessClaims claims)
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        return claims.Expires > now && claims.Scope is { } scope && scope.Split(' ').Contains(Scope, StringComparer.Ordinal)
            ? Identify(claims.Subject, claims.Generation)
            : (TokenVerdict.Refused, null);
    }

    private async Task<(TokenVerdict Verdict, Identity? Identity)> AskAsync(string text, CancellationToken cancellationToken)
    {
        if (!await asking.WaitAsync(TimeSpan.Zero, CancellationToken.None)) return (TokenVerdict.Unknown, null);
        try
        {
            return await server.VerifyAsync(text, cancellationToken) is { } answer && answer.Scope?.Contains(Scope, StringComparer.Ordinal) == true
                ? Identify(answer.User, answer.Generation)
                : (TokenVerdict.Refused, null);
        }
        catch (AccountsException)
        {
            return (TokenVerdict.Unknown, null);
        }
        finally
        {
            asking.Release();
        }
    }

    // Webheads want an id to be like this: a token with another one would be refused there.
    private static (TokenVerdict Verdict, Identity? Identity) Identify(string? user, long? generation) =>
        user is { Length: > 0 and <= 64 } && user.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '=')
            && generation is null or >= 0
            ? (TokenVerdict.Good, new Identity(user!, generation))
            : (TokenVerdict.Refused, null);
}
