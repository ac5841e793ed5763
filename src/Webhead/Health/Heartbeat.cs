using MySqlConnector;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Serving;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Health;

/// <summary>
/// Checks every database and the cache, at once and each with its own deadline. Probes that come together share one check, and its
/// result for a moment, so that they don't hammer what they check. While a dependency hangs, what was found last is told: a load
/// balancer's probe that waited for it would time out, on every webhead at once.
/// </summary>
internal sealed class Heartbeat(ServingStateHolder serving, Drain drain, Installation installation, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(15);
    private const int LongestError = 120;

    private readonly Lock gate = new();
    private Check? last;
    private Finding? found;

    public async Task<HeartbeatReport> ReadAsync()
    {
        if (serving.Current is not { } state) return Report(drain.Draining ? "draining" : "unconfigured");
        var parts = await KnownInTimeAsync(state);
        var healthy = parts.Databases.Values.All(part => part == Part.Ok) && parts.Cache is null or { Status: "ok" };
        return Report(drain.Draining ? "draining" : healthy ? "ok" : "degraded") with
        {
            Configuration = state.Document.Version,
            Databases = parts.Databases,
            Schema = parts.Schema,
            Cache = parts.Cache,
        };
    }

    private HeartbeatReport Report(string status) => new() { Status = status, Release = installation.Release };

    private async Task<Parts> KnownInTimeAsync(ServingState state)
    {
        var check = CheckAsync(state);
        if (Volatile.Read(ref found) is not { } known || known.State != state || time.GetElapsedTime(known.Since) > Recent) return await check;
        try
        {
            return await check.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // The check goes on, and the next heartbeat tells what it finds.
            return known.Parts;
        }
    }

    private Task<Parts> CheckAsync(ServingState state)
    {
        lock (gate)
        {
            if (this.last is { } last && last.State == state && (!last.Result.IsCompleted || time.GetElapsedTime(last.Since) < Fresh))
                return last.Result;

            this.last = new Check(state, CheckPartsAsync(state), time.GetTimestamp());
            return this.last.Result;
        }
    }

    private async Task<Parts> CheckPartsAsync(ServingState state)
    {
        var cache = state.Cache is { } cluster ? CheckPartAsync(token => PingAsync(cluster, token)) : null;
        var databases = state.Probes.ToDictionary(probe => probe.Name, probe => CheckPartAsync(probe.CheckAsync), StringComparer.Ordinal);
        await Task.WhenAll(databases.Values);
        var schemas = databases.Values.Select(check => check.Result.Schema).OfType<VersionRange>().ToList();
        var parts = new Parts(
            databases.ToDictionary(pair => pair.Key, pair => pair.Value.Result.Part, StringComparer.Ordinal),
            cache is null ? null : (await cache).Part with { Nodes = state.Cache!.Nodes },
            schemas.Count == 0 ? null : new VersionRange(schemas.Min(schema => schema.Min), schemas.Max(schema => schema.Max)));
        Volatile.Write(ref found, new Finding(state, parts, time.GetTimestamp()));
        return parts;
    }

    private static async Task<VersionRange?> PingAsync(MemcachedCluster cluster, CancellationToken cancellationToken)
    {
        await cluster.PingAsync(cancellationToken);
        return null;
    }

    private async Task<Checked> CheckPartAsync(Func<CancellationToken, Task<VersionRange?>> check)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            // Off this thread at once: a check that starts slowly must not hold up the others. And not waited for beyond its deadline,
            // whatever it does with it.
            return new Checked(Part.Ok, await Task.Run(() => check(deadline.Token), CancellationToken.None).WaitAsync(Deadline, time));
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            return new Checked(Part.Failed($"No answer within {Deadline.TotalSeconds} s"), null);
        }
        catch (Exception exception) when (exception is MySqlException or CacheUnavailableException or InvalidOperationException or IOException)
        {
            var message = exception.Message.ReplaceLineEndings(" ");
            return new Checked(Part.Failed(message.Length <= LongestError ? message : message[..LongestError]), (exception as SchemaException)?.Seen);
        }
    }

    private sealed record Parts(IReadOnlyDictionary<string, Part> Databases, Part? Cache, VersionRange? Schema);

    private sealed record Checked(Part Part, VersionRange? Schema);

    private sealed record Finding(ServingState State, Parts Parts, long Since);

    private sealed record Check(ServingState State, Task<Parts> Result, long Since);
}
