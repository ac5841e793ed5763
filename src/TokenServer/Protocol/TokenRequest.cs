using System.Text.RegularExpressions;

namespace SyncStorage.TokenServer.Protocol;

/// <summary>What the headers of a request for a token say.</summary>
/// <param name="AccessToken">The OAuth token.</param>
/// <param name="KeyId">The user's keys.</param>
internal sealed partial record TokenRequest(string AccessToken, KeyId KeyId)
{
    private const string Scheme = "Bearer";

    /// <summary>Reads the headers, in the order in which errors are told.</summary>
    public static (TokenRequest? Request, TokenError? Error) Read(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ } authorization]) return (null, TokenError.Unauthorized);
        if (authorization.Split(' ', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } scheme, { Length: > 0 } token]) return (null, TokenError.Unauthorized);
        if (!scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase)) return (null, TokenError.UnsupportedScheme);
        if (token.Contains(' ', StringComparison.Ordinal)) return (null, TokenError.Unauthorized);

        if (headers["X-KeyID"] is not [{ Length: > 0 } keyIdText]) return (null, TokenError.MissingKeyId);
        if (KeyId.TryRead(keyIdText) is not { } keyId) return (null, TokenError.InvalidKeyId);

        // Empty is the same as not there: older clients sent it so.
        if (headers["X-Client-State"] is [{ Length: > 0 } clientState])
        {
            if (!ClientState.IsMatch(clientState)) return (null, TokenError.MalformedClientState);
            if (!clientState.Equals(keyId.ClientState, StringComparison.OrdinalIgnoreCase)) return (null, TokenError.ClientStateMismatch);
        }

        return (new TokenRequest(token, keyId), null);
    }

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,32}\\z")]
    private static partial Regex ClientState { get; }
}
