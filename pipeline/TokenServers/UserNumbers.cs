using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// Where the numbers begin that users get since the token server's database was restored. It does not know itself which were given before that, nor those of an earlier
/// restore: each begins beyond all that this one remembers.
/// </summary>
public sealed class UserNumbers(StateObjects objects)
{
    /// <summary>The object in the cluster's bucket.</summary>
    internal const string Key = "state/user-numbers.json";

    /// <summary>The first number since the last restore; 0 if there was none.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>: the object can't be read.</exception>
    public async Task<long> BegunAtAsync(CancellationToken cancellationToken)
    {
        if (await objects.ReadAsync(Key, cancellationToken) is not { } stored) return 0;
        return StateObjects.TryParse<Document>(stored.Text)?.Next ?? throw new PipelineException(
            ErrorCode.DatabaseFailed, $"{Key} in the cluster's bucket can't be read.", hint: $$"""Write {"next": N} to it, with an N beyond the numbers of all users.""");
    }

    /// <summary>Notes the first number since a restore.</summary>
    public async Task BeginAtAsync(long next, CancellationToken cancellationToken)
    {
        var before = await objects.ReadAsync(Key, cancellationToken);
        _ = await objects.WriteAsync(Key, System.Text.Json.JsonSerializer.Serialize(new Document(next), StateObjects.Json), before?.ETag, cancellationToken)
            ?? throw new PipelineException(ErrorCode.DatabaseFailed, $"{Key} was written by somebody else at the same time.", hint: "Run the same command again.");
    }

    private sealed record Document(long Next);
}
