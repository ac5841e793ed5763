namespace SyncStorage.TokenServer.Users;

/// <summary>
/// Whether what a request claims may follow on what is stored. The order of the rules says which error a client sees. Numbers are compared
/// only where both are known.
/// </summary>
internal static class UserRules
{
    /// <summary>The first rule that is broken; null if none is.</summary>
    /// <param name="stored">The current record's data.</param>
    /// <param name="earlier">The client states of earlier records, other than the current one's.</param>
    /// <param name="claimed">What the request claims.</param>
    public static UserRefusal? Broken(UserData stored, IReadOnlySet<string> earlier, UserData claimed)
    {
        if (claimed.KeysChangedAt > stored.KeysChangedAt && claimed.Generation < claimed.KeysChangedAt) return UserRefusal.InvalidKeysChangedAt;
        if (claimed.ClientState.Length == 0 && stored.ClientState.Length > 0) return UserRefusal.InvalidClientState;
        if (earlier.Contains(claimed.ClientState)) return UserRefusal.InvalidClientState;
        if (claimed.ClientState != stored.ClientState)
        {
            if (claimed.Generation <= stored.Generation) return UserRefusal.InvalidClientState;
            if (claimed.KeysChangedAt <= stored.KeysChangedAt) return UserRefusal.InvalidClientState;
        }

        if (claimed.Generation < stored.Generation) return UserRefusal.InvalidGeneration;
        if (claimed.KeysChangedAt < stored.KeysChangedAt) return UserRefusal.InvalidKeysChangedAt;
        return claimed.KeysChangedAt is null && stored.KeysChangedAt is not null ? UserRefusal.InvalidKeysChangedAt : null;
    }

    /// <summary>What is to be stored once the rules let a claim pass: no number goes back.</summary>
    public static UserData Updated(UserData stored, UserData claimed)
    {
        var keysChangedAt = Greater(claimed.KeysChangedAt, stored.KeysChangedAt);
        var generation = Greater(claimed.Generation, stored.Generation);

        // Keys change with the password alone: who says that they did, and not which generation that made, says that it is at least that.
        if (claimed.Generation is null && keysChangedAt > (stored.KeysChangedAt ?? 0)) generation = Greater(generation, keysChangedAt);
        return new UserData(generation, keysChangedAt, claimed.ClientState);
    }

    private static long? Greater(long? left, long? right) => left is null ? right : right is null ? left : Math.Max(left.Value, right.Value);
}
