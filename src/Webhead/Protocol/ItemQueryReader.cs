using System.Globalization;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Reads which items a client wants from the query of its URL. Unknown parameters are ignored, bad values refused.</summary>
internal static class ItemQueryReader
{
    private const int MostIds = 100;
    private const int MostDigits = 18;

    /// <exception cref="SyncReplyException">A value is bad.</exception>
    public static ItemQuery Read(IQueryCollection query)
    {
        var read = new ItemQuery
        {
            Ids = ReadIds(query),
            Newer = ReadTimestamp(query, "newer"),
            Older = ReadTimestamp(query, "older"),
            Order = Last(query, "sort") switch
            {
                null or "newest" => ItemOrder.Newest,
                "oldest" => ItemOrder.Oldest,
                "index" => ItemOrder.Index,
                _ => throw SyncReplyException.BadRequest(),
            },
            Limit = ReadCount(query, "limit"),
            Full = query.ContainsKey("full"),
        };
        return read with { Start = ReadOffset(query, read) };
    }

    /// <summary>The ids of a list; null if none was asked for. An empty list is an error, lest a deletion of nothing becomes one of all.</summary>
    public static IReadOnlyList<string>? ReadIds(IQueryCollection query)
    {
        if (Last(query, "ids") is not { } text) return null;
        var ids = text.Split(',', StringSplitOptions.TrimEntries);
        if (ids.Length > MostIds || !ids.All(SyncRoute.IsId)) throw SyncReplyException.BadRequest();
        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    private static PageStart? ReadOffset(IQueryCollection query, ItemQuery read)
    {
        if (Last(query, "offset") is not { } text) return null;
        if (read.Order == ItemOrder.Index) return new PageStart(null, Count(text));
        if (text.Split(':') is not [var boundText, var skipText]
            || !long.TryParse(boundText, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            throw SyncReplyException.BadRequest();
        }

        var bound = new SyncTimestamp(milliseconds);
        if (bound <= read.Newer || bound >= read.Older) throw SyncReplyException.BadRequest();
        return new PageStart(bound, Count(skipText));
    }

    private static SyncTimestamp? ReadTimestamp(IQueryCollection query, string name)
    {
        if (Last(query, name) is not { } text) return null;
        return SyncTimestamp.TryParse(text, out var timestamp) ? timestamp : throw SyncReplyException.BadRequest();
    }

    private static int? ReadCount(IQueryCollection query, string name) =>
        Last(query, name) is { } text ? Count(text) : null;

    /// <summary>A parameter's value, the last if it is there several times; null if it is not.</summary>
    private static string? Last(IQueryCollection query, string name) => query.TryGetValue(name, out var values) ? values[^1] ?? "" : null;

    private static int Count(string text) =>
        // More than any collection has is as good as no limit.
        text.Length <= MostDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (int)Math.Min(count, int.MaxValue - 1)
            : throw SyncReplyException.BadRequest();
}
