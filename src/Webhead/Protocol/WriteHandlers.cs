using SyncStorage.SyncClient;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Writing and deleting items.</summary>
internal static class WriteHandlers
{
    public static async Task<SyncReply> PutItemAsync(SyncCall call)
    {
        RequestBody.IsNewlines(call.Http.Request, mayBeNewlines: false);
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Limits);
        var item = ItemReader.ReadOne(call.Route, body, call.Limits);
        var written = await WriteAsync(call, async session =>
        {
            await CheckItemAsync(call, session);
            await session.UpsertAsync([item]);
        });
        return SyncReply.Written(written.ToString(), written);
    }

    public static async Task<SyncReply> PostCollectionAsync(SyncCall call)
    {
        var newlines = RequestBody.IsNewlines(call.Http.Request, mayBeNewlines: true);
        RefuseBatch(call.Http.Request.Query);
        RequestBody.CheckAnnounced(call.Http.Request, call.Limits);
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Limits);
        var batch = ItemReader.ReadMany(call.Route, body, newlines, call.Limits);
        var written = await WriteAsync(call, async session =>
        {
            call.Preconditions.Check(session.CollectionModified);
            await session.UpsertAsync(batch.Items);
        });
        return new SyncReply(StatusCodes.Status200OK, ItemWriter.WriteOutcome(written, batch)) { LastModified = written, Wrote = true };
    }

    public static async Task<SyncReply> DeleteItemAsync(SyncCall call)
    {
        var written = await WriteAsync(call, async session =>
        {
            await CheckItemAsync(call, session);
            if (await session.DeleteAsync([call.Route.Id]) == 0)
                throw new SyncReplyException(SyncReply.Error(StatusCodes.Status404NotFound));
        });
        return Deleted(written);
    }

    public static async Task<SyncReply> DeleteCollectionAsync(SyncCall call)
    {
        if (ItemQueryReader.ReadIds(call.Http.Request.Query) is { } ids)
        {
            return Deleted(await WriteAsync(call, async session =>
            {
                call.Preconditions.Check(session.CollectionModified);
                await session.DeleteAsync(ids);
            }));
        }

        return Deleted(await WriteAsync(call, async session =>
        {
            call.Preconditions.Check(session.CollectionModified);
            await session.DeleteCollectionAsync();
        }));
    }

    public static async Task<SyncReply> DeleteStorageAsync(SyncCall call) =>
        SyncReply.Written("{}", await call.Host.Storage.DeleteAllAsync(call.Route.Uid, call.Preconditions.Check));

    private static Task<SyncTimestamp> WriteAsync(SyncCall call, Func<IWriteSession, Task> write) =>
        call.Host.Storage.WriteAsync(call.Route.Uid, call.Route.Collection, write);

    private static async Task CheckItemAsync(SyncCall call, IWriteSession session)
    {
        if (call.Preconditions is { ModifiedSince: null, UnmodifiedSince: null }) return;
        call.Preconditions.Check(await session.ReadItemModifiedAsync(call.Route.Id) ?? SyncTimestamp.Zero);
    }

    /// <summary>
    /// Batches are not offered: a request to start one is a plain POST, as with the Python server's option, and there is none to go on
    /// with.
    /// </summary>
    private static void RefuseBatch(IQueryCollection query)
    {
        if (!query.TryGetValue("batch", out var values))
        {
            if (query.ContainsKey("commit")) throw SyncReplyException.BadRequest();
            return;
        }

        if (values.ToString() is not "" and var batch && !batch.Equals("true", StringComparison.OrdinalIgnoreCase))
            throw SyncReplyException.BadRequest();
    }

    private static SyncReply Deleted(SyncTimestamp timestamp) => SyncReply.Written($"{{\"modified\":{timestamp}}}", timestamp);
}
