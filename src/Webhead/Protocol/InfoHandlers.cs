using System.Globalization;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What <c>/info</c> tells a user.</summary>
internal static class InfoHandlers
{
    private const decimal Kibibyte = 1024;

    public static async Task<SyncReply> CollectionsAsync(SyncCall call)
    {
        var timestamps = await CheckedTimestampsAsync(call);
        return SyncReply.Ok(Map(timestamps.Collections, modified => modified.ToString()), timestamps.Modified);
    }

    public static async Task<SyncReply> CountsAsync(SyncCall call)
    {
        var timestamps = await CheckedTimestampsAsync(call);
        var counts = await call.Host.Storage.ReadCountsAsync(call.Route.Uid, call.Aborted);
        return SyncReply.Ok(Map(counts, count => count.ToString(CultureInfo.InvariantCulture)), timestamps.Modified);
    }

    public static async Task<SyncReply> UsageAsync(SyncCall call)
    {
        var timestamps = await CheckedTimestampsAsync(call);
        var sizes = await call.Host.Storage.ReadSizesAsync(call.Route.Uid, call.Aborted);
        return SyncReply.Ok(Map(sizes, Kibibytes), timestamps.Modified);
    }

    public static async Task<SyncReply> QuotaAsync(SyncCall call)
    {
        var timestamps = await CheckedTimestampsAsync(call);
        var sizes = await call.Host.Storage.ReadSizesAsync(call.Route.Uid, call.Aborted);
        var quota = call.Limits.QuotaBytes is { } bytes ? Kibibytes(bytes) : "null";
        return SyncReply.Ok($"[{Kibibytes(sizes.Values.Sum())},{quota}]", timestamps.Modified);
    }

    /// <summary>The limits.</summary>
    public static Task<SyncReply> ConfigurationAsync(SyncCall call)
    {
        call.Preconditions.Check(SyncTimestamp.Zero);
        var limits = call.Limits;
        var json = string.Create(CultureInfo.InvariantCulture,
            $"{{\"max_request_bytes\":{limits.MaxRequestBytes},\"max_post_records\":{limits.MaxPostRecords}," +
            $"\"max_post_bytes\":{limits.MaxPostBytes},\"max_total_records\":{limits.MaxTotalRecords}," +
            $"\"max_total_bytes\":{limits.MaxTotalBytes},\"max_record_payload_bytes\":{limits.MaxRecordPayloadBytes}}}");
        return Task.FromResult(SyncReply.Ok(json, SyncTimestamp.Zero));
    }

    private static async Task<UserTimestamps> CheckedTimestampsAsync(SyncCall call)
    {
        var timestamps = await call.Host.Storage.ReadTimestampsAsync(call.Route.Uid, call.Aborted);
        call.Preconditions.Check(timestamps.Modified);
        return timestamps;
    }

    private static string Map<T>(IEnumerable<KeyValuePair<string, T>> values, Func<T, string> write) =>
        ItemWriter.Map(values.Select(pair => KeyValuePair.Create(pair.Key, write(pair.Value))));

    // All the digits there are: clients subtract these numbers.
    private static string Kibibytes(long bytes) => (bytes / Kibibyte).ToString("0.0#########", CultureInfo.InvariantCulture);
}
