namespace SyncStorage.TokenServer.Users;

/// <summary>What is stored of a user, and what a request claims of one: the parts that rules compare.</summary>
/// <param name="Generation">Grows when the account's password changes; null if it is not known.</param>
/// <param name="KeysChangedAt">When the user's keys changed last; null if it is not known.</param>
/// <param name="ClientState">Names the user's keys, in hexadecimal; empty if it is not known.</param>
internal sealed record UserData(long? Generation, long? KeysChangedAt, string ClientState)
{
    /// <summary>The generation of users who get no token any more.</summary>
    public const long Retired = long.MaxValue;

    /// <summary>The same, with zeros for what they stand for.</summary>
    public UserData Normalized => this with { Generation = Known(Generation), KeysChangedAt = Known(KeysChangedAt) };

    private static long? Known(long? value) => value is 0 ? null : value;
}

/// <summary>One record of a user. The current one is that of the highest generation, and of those the newest.</summary>
internal sealed record UserRow
{
    /// <summary>The user's number on the node.</summary>
    public required long Uid { get; init; }

    /// <summary>The node by its number; null if the user has none.</summary>
    public long? NodeId { get; init; }

    /// <summary>The node; null if the user has none.</summary>
    public string? Node { get; init; }

    /// <summary>What is stored.</summary>
    public required UserData Data { get; init; }

    /// <summary>When the record was made, in milliseconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When another record took its place; null if none did.</summary>
    public long? ReplacedAt { get; init; }

    public bool IsRetired => Data.Generation == UserData.Retired;
}
