using MySqlConnector;
using SyncStorage.TokenServer.Serving;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Health;

/// <summary>
/// Checks the database, with a deadline. Probes that come together share one check, and its result for a moment. The accounts server is
/// no part of it: when that is away, it is so for every token server, and none of them would be better.
/// </summary>
internal sealed class TokenHeartbeat(TokenServingHolder serving, Drain drain, Installation installation, TimeProvider time)
{
    private const string Name = "tokenserver";
    private const int LongestError = 120;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private (TokenServing State, Task<Finding> Result, long Since)? last;

    public async Task<HeartbeatReport> ReadAsync()
    {
        if (serving.Current is not { } state) return Report(drain.Draining ? "draining" : "unconfigured");
        var finding = await CheckAsync(state);
        return Report(drain.Draining ? "draining" : finding.Part == Part.Ok ? "ok" : "degraded") with
        {
            Configuration = state.Document.Version,
            Databases = new Dictionary<string, Part> { [Name] = finding.Part },
            Schema = finding.Schema,
        };
    }

    private HeartbeatReport Report(string status) => new() { Status = status, Release = installation.Release };

    private Task<Finding> CheckAsync(TokenServing state)
    {
        lock (gate)
        {
            if (last is { } known && known.State == state && (!known.Result.IsCompleted || time.GetElapsedTime(known.Since) < Fresh)) return known.Result;
            var result = CheckNowAsync(state);
            last = (state, result, time.GetTimestamp());
            return result;
        }
    }

    private async Task<Finding> CheckNowAsync(TokenServing state)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            var version = await Task.Run(() => ReadSchemaAsync(state.Store.Source, deadline.Token), CancellationToken.None).WaitAsync(Deadline, time);
            var (known, seen) = (Compatibility.Current.Schema, new VersionRange(version, version));
            return new Finding(known.Contains(version) ? Part.Ok : Part.Failed($"the database has schema {version}; this release works with {known}"), seen);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            return new Finding(Part.Failed($"No answer within {Deadline.TotalSeconds} s"), null);
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException)
        {
            var message = exception.Message.ReplaceLineEndings(" ");
            return new Finding(Part.Failed(message.Length <= LongestError ? message : message[..LongestError]), null);
        }
    }

    // The tables are asked for, too: a missing one fails the check, and not the first user's request.
    private static async Task<int> ReadSchemaAsync(MySqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command("SELECT version, (SELECT COUNT(*) FROM nodes), (SELECT 1 FROM users LIMIT 1) FROM schema_version");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetInt32(0) : throw new InvalidOperationException("schema_version is empty");
    }

    private sealed record Finding(Part Part, VersionRange? Schema);
}
