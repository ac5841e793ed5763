namespace SyncStorage.Webhead.Protocol;

/// <summary>Reading items.</summary>
internal static class ReadHandlers
{
    public static async Task<SyncReply> CollectionAsync(SyncCall call)
    {
        var newlines = RequestBody.WantsNewlines(call.Http.Request);
        var query = ItemQueryReader.Read(call.Http.Request.Query);

        // Most polls find nothing new: then the cache knows, and no item is read.
        if (call.Preconditions.IsAny)
            call.Preconditions.Check((await call.Host.Storage.ReadTimestampsAsync(call.Route.Uid, call.Aborted)).Of(call.Route.Collection));

        var page = new PageWriter(call, query, newlines);
        try
        {
            await call.Host.Storage.ReadPageAsync(call.Route.Uid, call.Route.Collection, query, page, call.Aborted);
            return page.Reply();
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    public static async Task<SyncReply> ItemAsync(SyncCall call)
    {
        var item = await call.Host.Storage.ReadItemAsync(call.Route.Uid, call.Route.Collection, call.Route.Id, call.Aborted);
        call.Preconditions.Check(item?.Modified ?? default);
        return item is null
            ? SyncReply.Error(StatusCodes.Status404NotFound)
            : new SyncReply(StatusCodes.Status200OK, ItemWriter.Write(item)) { LastModified = item.Modified };
    }
}
