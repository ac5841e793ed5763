using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Serving;

/// <summary>A token whose signature was found right, with what is needed for each request that it signs.</summary>
/// <param name="Payload">What the token says.</param>
/// <param name="Key">The Hawk key's text, in bytes.</param>
internal sealed record VerifiedToken(TokenPayload Payload, byte[] Key);

/// <summary>
/// Verifies the tokens of one virtual hostname, and remembers those that were right: a client signs many requests with the same one,
/// and its key derivation costs more than the rest of a cached answer. Of what was refused nothing is kept.
/// </summary>
internal sealed class TokenCache(IReadOnlyList<TokenSecret> secrets)
{
    private const int GenerationSize = 10_000;

    // Two generations: when the young one is full it becomes the old one. What is still used moves over, what isn't goes.
    private ConcurrentDictionary<string, VerifiedToken> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, VerifiedToken> old = new(StringComparer.Ordinal);

    /// <summary>Whether one of the secrets has signed a token; neither its expiry nor its node is judged here.</summary>
    public bool TryVerify(string token, [NotNullWhen(true)] out VerifiedToken? verified)
    {
        if (young.TryGetValue(token, out verified)) return true;
        if (!old.TryGetValue(token, out verified))
        {
            if (!Tokens.TryVerify(token, secrets, out var credentials)) return false;
            verified = new VerifiedToken(credentials.Payload, Encoding.ASCII.GetBytes(credentials.Key));
        }

        if (young.Count >= GenerationSize)
        {
            // Two requests at once may both do it; then tokens are forgotten early, and verified again.
            old = young;
            young = new ConcurrentDictionary<string, VerifiedToken>(StringComparer.Ordinal);
        }

        young[token] = verified;
        return true;
    }
}
