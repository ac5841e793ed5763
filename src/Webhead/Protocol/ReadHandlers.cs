using System.Globalization;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Reading items.</summary>
internal static class ReadHandlers
{
    public static async Task<SyncReply> CollectionAsync(SyncCall call)
    {
        var newlines = RequestBody.WantsNewlines(call.Http.Request);
        var query = ItemQueryReader.Read(call.Http.Request.Query);

        // Most polls find nothing new: then the cache knows, and no database is asked.
        if (call.Preconditions is { ModifiedSince: not null }
            && await call.Host.Storage.PeekTimestampsAsync(call.Route.Uid, call.Aborted) is { } cached)
        {
            call.Preconditions.Check(cached.Of(call.Route.Collection));
        }

        var page = await call.Host.Storage.ReadPageAsync(call.Route.Uid, call.Route.Collection, query, call.Aborted);
        call.Preconditions.Check(page.Collection);
        var headers = new List<KeyValuePair<string, string>>
        {
            new("X-Weave-Records", page.Items.Count.ToString(CultureInfo.InvariantCulture)),
        };
        if (page.More && page.Items.Count > 0) headers.Add(new("X-Weave-Next-Offset", ItemQueryReader.NextOffset(query, page)));
        return new SyncReply(StatusCodes.Status200OK, ItemWriter.Write(page.Items, query.Full, newlines))
        {
            ContentType = newlines ? SyncReply.Newlines : SyncReply.Json,
            LastModified = page.Collection,
            Headers = headers,
        };
    }

    public static async Task<SyncReply> ItemAsync(SyncCall call)
    {
        _ = RequestBody.WantsNewlines(call.Http.Request);
        var item = await call.Host.Storage.ReadItemAsync(call.Route.Uid, call.Route.Collection, call.Route.Id, call.Aborted);
        call.Preconditions.Check(item?.Modified ?? default);
        return item is null
            ? SyncReply.Error(StatusCodes.Status404NotFound)
            : new SyncReply(StatusCodes.Status200OK, ItemWriter.Write(item)) { LastModified = item.Modified };
    }
}
