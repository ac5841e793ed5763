namespace SyncStorage.Webhead.Observability;

/// <summary>Why a request is not its user's.</summary>
internal enum Refusal
{
    /// <summary>It is.</summary>
    None,

    /// <summary>There is no <c>Authorization</c>.</summary>
    NoCredentials,

    /// <summary>The header is not Hawk's, or lacks something.</summary>
    MalformedHeader,

    /// <summary>No secret of the virtual hostname has signed the token.</summary>
    UnknownToken,

    /// <summary>The token is signed, and yet says something that no token server says.</summary>
    MalformedToken,

    /// <summary>The request's MAC is wrong.</summary>
    BadSignature,

    /// <summary>The token is another user's.</summary>
    WrongUser,

    /// <summary>The token is for another virtual hostname.</summary>
    WrongNode,

    /// <summary>The token has expired.</summary>
    Expired,
}
