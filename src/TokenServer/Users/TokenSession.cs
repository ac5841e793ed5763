using System.Data;
using System.Net.Sockets;
using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>
/// Changes one user's records over one connection, which holds the user's lock. Each step is a transaction; a node's load is the number
/// of records on it that nothing has replaced, and every step keeps it so.
/// </summary>
internal sealed class TokenSession(DatabasePool pool, MySqlConnection connection, string lockName, string email, IReadOnlyCollection<string> nodes, TimeProvider time)
    : IUserSession
{
    public Task<IReadOnlyList<UserRow>> ReadAsync(CancellationToken cancellationToken) =>
        TokenStore.GuardAsync(() => TokenStore.ReadAsync(connection, email, cancellationToken));

    public Task CarryOutAsync(UserStep step, CancellationToken cancellationToken) => TokenStore.GuardAsync(async () =>
    {
        switch (step)
        {
            case UserStep.Allocate allocate: await AllocateAsync(allocate.Data, cancellationToken); break;
            case UserStep.Replace replace: await ReplaceAsync(replace, cancellationToken); break;
            case UserStep.Raise raise: await RaiseAsync(raise, cancellationToken); break;
            case UserStep.Succeed succeed: await SucceedAsync(succeed, cancellationToken); break;
            case UserStep.Serve or UserStep.Refuse: throw new ArgumentException("There is nothing to carry out.", nameof(step));
            default: throw new ArgumentOutOfRangeException(nameof(step));
        }

        return true;
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = connection.Command("DO RELEASE_LOCK(@name)", ("@name", lockName));
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is MySqlException or IOException or SocketException or InvalidOperationException)
        {
            // Then the session has ended, and its locks with it; it must not go back to the pool as if it had not.
            await pool.EmptyAsync();
        }

        await connection.DisposeAsync();
    }

    private async Task AllocateAsync(UserData data, CancellationToken cancellationToken)
    {
        var now = await CreationTimeAsync(cancellationToken);
        await NodeChoice.TakeAsync(connection, nodes, async (node, transaction, token) =>
        {
            await InsertAsync(data, node, now, transaction, token);
        }, cancellationToken);
    }

    private async Task SucceedAsync(UserStep.Succeed step, CancellationToken cancellationToken)
    {
        var now = await CreationTimeAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await InsertAsync(step.Data, step.Row.NodeId, now, transaction, cancellationToken);
        await using var command = connection.Command(
            "UPDATE users SET replaced_at = @now WHERE uid = @uid AND replaced_at IS NULL", ("@now", now), ("@uid", step.Row.Uid));
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);

        // The load of the node stays: one record more, and one less.
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task ReplaceAsync(UserStep.Replace step, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        foreach (var row in step.Rows)
        {
            await using var replace = connection.Command("UPDATE users SET replaced_at = @at WHERE uid = @uid AND replaced_at IS NULL",
                ("@at", step.ReplacedAt), ("@uid", row.Uid));
            replace.Transaction = transaction;
            if (await replace.ExecuteNonQueryAsync(cancellationToken) == 0 || row.NodeId is null) continue;

            await using var lighten = connection.Command("UPDATE nodes SET current_load = GREATEST(current_load - 1, 0) WHERE id = @id", ("@id", row.NodeId));
            lighten.Transaction = transaction;
            await lighten.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RaiseAsync(UserStep.Raise step, CancellationToken cancellationToken)
    {
        // Whatever else writes here, no number goes back.
        await using var command = connection.Command(
            """
            UPDATE users SET generation = GREATEST(generation, @generation), keys_changed_at = NULLIF(GREATEST(COALESCE(keys_changed_at, 0), @keys), 0)
            WHERE uid = @uid AND replaced_at IS NULL
            """, ("@generation", step.Data.Generation ?? 0), ("@keys", step.Data.KeysChangedAt ?? 0), ("@uid", step.Row.Uid));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task InsertAsync(UserData data, long? node, long now, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"""
            INSERT INTO users (service, email, generation, client_state, created_at, replaced_at, nodeid, keys_changed_at)
            VALUES ({TokenSql.ServiceId}, @email, @generation, @state, @now, NULL, @node, @keys)
            """, ("@email", email), ("@generation", data.Generation ?? 0), ("@state", data.ClientState), ("@now", now), ("@node", node), ("@keys", data.KeysChangedAt));
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Of two records of one generation the newer is the current one: a clock that went back, or did not go on, must not change that.
    private async Task<long> CreationTimeAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"SELECT MAX(created_at) FROM users WHERE email = @email AND service = {TokenSql.ServiceId}", ("@email", email));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await command.ExecuteScalarAsync(cancellationToken) is long newest ? Math.Max(now, newest + 1) : now;
    }
}
