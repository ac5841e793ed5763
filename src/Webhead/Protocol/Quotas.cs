using System.Collections.Concurrent;
using System.Globalization;

namespace SyncStorage.Webhead.Protocol;

/// <summary>
/// Keeps users within the quota, if the configuration has one. Summing up what a user has costs time, so a sum is used again for a
/// while, with what was written since added; but near the quota, where it matters, it is always taken anew.
/// </summary>
internal sealed class Quotas(TimeProvider time)
{
    private const long Near = 1024 * 1024;
    private const int MostRemembered = 100_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Node, long Uid), Sum> sums = new();

    /// <summary>Refuses what would not fit.</summary>
    /// <param name="call">The write.</param>
    /// <param name="incoming">How many bytes of payload it brings.</param>
    /// <returns>How many bytes are left after it, if the client should know.</returns>
    /// <exception cref="SyncReplyException">It would not fit.</exception>
    public async Task<long?> CheckAsync(SyncCall call, long incoming)
    {
        if (call.Limits.QuotaBytes is not { } quota) return null;
        var key = (call.Host.Node, call.Route.Uid);
        if (sums.TryGetValue(key, out var known) && time.GetElapsedTime(known.Taken) < Lifetime && quota - known.Bytes - incoming >= Near)
        {
            sums.TryUpdate(key, known with { Bytes = known.Bytes + incoming }, known);
            return null;
        }

        var sizes = await call.Host.Storage.ReadSizesAsync(call.Route.Uid, call.Aborted);
        var used = sizes.Values.Sum();
        var left = quota - used - incoming;
        if (left <= 0) throw new SyncReplyException(SyncReply.Error(StatusCodes.Status403Forbidden, ErrorBody.OverQuota));

        if (sums.Count >= MostRemembered) sums.Clear();
        sums[key] = new Sum(used + incoming, time.GetTimestamp());
        return left < Near ? left : null;
    }

    /// <summary>The reply, with a word to the client if little is left.</summary>
    public static SyncReply Tell(SyncReply reply, long? left) => left is null
        ? reply
        : reply with
        {
            Headers = [.. reply.Headers, new("X-Weave-Quota-Remaining", (left.Value / 1024m).ToString("0.00", CultureInfo.InvariantCulture))],
        };

    private sealed record Sum(long Bytes, long Taken);
}
