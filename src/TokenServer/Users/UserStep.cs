namespace SyncStorage.TokenServer.Users;

/// <summary>What is to be done next for a user, before or instead of a token.</summary>
internal abstract record UserStep
{
    private UserStep()
    {
    }

    /// <summary>Nothing: this is the user's record.</summary>
    internal sealed record Serve(UserRow Row) : UserStep;

    /// <summary>The user gets no token.</summary>
    internal sealed record Refuse(UserRefusal Reason) : UserStep;

    /// <summary>Give the user a node, and a record there.</summary>
    internal sealed record Allocate(UserData Data) : UserStep;

    /// <summary>Mark records as replaced that were left beside the current one.</summary>
    internal sealed record Replace(IReadOnlyList<UserRow> Rows, long ReplacedAt) : UserStep;

    /// <summary>Raise the numbers of the record.</summary>
    internal sealed record Raise(UserRow Row, UserData Data) : UserStep;

    /// <summary>Have a new record follow: another number for the user on the same node.</summary>
    internal sealed record Succeed(UserRow Row, UserData Data) : UserStep;

    /// <summary>Decides. Carrying a step out and deciding again leads to <see cref="Serve"/> or <see cref="Refuse"/>.</summary>
    /// <param name="rows">The user's records, the current one first.</param>
    /// <param name="claimed">What the request claims.</param>
    /// <param name="newUsers">Whether users come in that were never seen.</param>
    public static UserStep Next(IReadOnlyList<UserRow> rows, UserData claimed, bool newUsers)
    {
        claimed = claimed.Normalized;
        if (rows.Count == 0) return newUsers ? new Allocate(claimed) : new Refuse(UserRefusal.NewUsersDisabled);

        var current = rows[0];
        var left = rows.Skip(1).Where(row => row.ReplacedAt is null).ToList();
        if (left.Count > 0) return new Replace(left, current.CreatedAt);

        if (current.IsRetired) return new Refuse(current.Node is null ? UserRefusal.RetiredWithoutNode : Retirement(rows, claimed));
        if (current.ReplacedAt is not null || current.Node is null) return new Allocate(current.Data);

        if (UserRules.Broken(current.Data, EarlierStates(rows), claimed) is { } refusal) return new Refuse(refusal);
        var updated = UserRules.Updated(current.Data, claimed);
        return updated.ClientState != current.Data.ClientState ? new Succeed(current, updated)
            : updated != current.Data ? new Raise(current, updated)
            : new Serve(current);
    }

    // By the rules, nothing that is claimed is as high as a retired user's generation. A claim without one must not pass for that reason.
    private static UserRefusal Retirement(IReadOnlyList<UserRow> rows, UserData claimed) =>
        UserRules.Broken(rows[0].Data, EarlierStates(rows), claimed) ?? UserRefusal.InvalidGeneration;

    private static HashSet<string> EarlierStates(IReadOnlyList<UserRow> rows) =>
        [.. rows.Skip(1).Select(row => row.Data.ClientState).Where(state => state != rows[0].Data.ClientState)];
}
