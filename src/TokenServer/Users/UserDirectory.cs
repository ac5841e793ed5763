namespace SyncStorage.TokenServer.Users;

/// <summary>Finds, makes and changes users' records. Requests of one user that come together all get the same record.</summary>
internal sealed class UserDirectory(IUserStore store)
{
    // Replace, allocate, then raise or succeed: no claim needs more.
    private const int MostSteps = 6;

    /// <summary>The record that a claim is served with, or why it is not.</summary>
    /// <exception cref="StoreException">The database can't be reached, or refused.</exception>
    /// <exception cref="NoNodeException">No node has room.</exception>
    public async Task<(UserRow? Row, UserRefusal? Refusal)> ResolveAsync(string email, UserData claimed, bool newUsers, CancellationToken cancellationToken)
    {
        // Nearly always there is nothing to change, and nothing to lock.
        var step = UserStep.Next(await store.ReadAsync(email, cancellationToken), claimed, newUsers);
        if (Result(step) is { } result) return result;

        await using var session = await store.LockAsync(email, cancellationToken);
        for (var steps = 0; steps < MostSteps; steps++)
        {
            step = UserStep.Next(await session.ReadAsync(cancellationToken), claimed, newUsers);
            if (Result(step) is { } final) return final;
            await session.CarryOutAsync(step, cancellationToken);
        }

        throw new StoreException($"the user's records did not come to rest in {MostSteps} steps");
    }

    private static (UserRow? Row, UserRefusal? Refusal)? Result(UserStep step) => step switch
    {
        UserStep.Serve serve => (serve.Row, null),
        UserStep.Refuse refuse => (null, refuse.Reason),
        _ => null,
    };
}
