namespace SyncStorage.TokenServer.Users;

/// <summary>Why a user gets no token.</summary>
internal enum UserRefusal
{
    /// <summary>The user was never seen, and no new users come in.</summary>
    NewUsersDisabled,

    /// <summary>The keys changed, and the account's generation does not know of it; or they were newer, or known, before.</summary>
    InvalidKeysChangedAt,

    /// <summary>The keys are none that the user may have now.</summary>
    InvalidClientState,

    /// <summary>The account's password was changed since.</summary>
    InvalidGeneration,

    /// <summary>The user was retired, and has no node.</summary>
    RetiredWithoutNode,
}
