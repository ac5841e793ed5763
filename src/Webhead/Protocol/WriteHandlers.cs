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
        var left = await call.Quotas.CheckAsync(call, item.PayloadBytes);
        var written = await WriteAsync(call, async session =>
        {
            await CheckItemAsync(call, session);
            await session.UpsertAsync([item]);
        });
        return Quotas.Tell(SyncReply.Written(written.ToString(), written), left);
    }

    public static async Task<SyncReply> PostCollectionAsync(SyncCall call)
    {
        var newlines = RequestBody.IsNewlines(call.Http.Request, mayBeNewlines: true);
        var batch = BatchRequest.Read(call.Http.Request.Query);
        RequestBody.CheckAnnounced(call.Http.Request, call.Limits);
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Limits);
        var posted = ItemReader.ReadMany(call.Route, body, newlines, call.Limits);
        var left = await call.Quotas.CheckAsync(call, posted.Bytes);
        var reply = batch is { IsPartOfOne: true, Commits: false }
            ? await StageAsync(call, batch.Number, posted)
            : await WriteAsync(call, batch.Number, posted);
        return Quotas.Tell(reply, left);
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
                CheckCollection(call, session);
                await session.DeleteAsync(ids);
            }));
        }

        return Deleted(await WriteAsync(call, async session =>
        {
            CheckCollection(call, session);
            await session.DeleteCollectionAsync();
        }));
    }

    public static async Task<SyncReply> DeleteStorageAsync(SyncCall call) =>
        SyncReply.Written("{}", await call.Host.Storage.DeleteAllAsync(call.Route.Uid, call.Preconditions.Check));

    private static async Task<SyncReply> StageAsync(SyncCall call, long? batch, PostedItems posted)
    {
        var staged = await call.Host.Storage.StageAsync(call.Route.Uid, call.Route.Collection, batch, posted.Items, call.Preconditions.Check);
        return new SyncReply(StatusCodes.Status202Accepted, ItemWriter.WriteOutcome(modified: null, BatchRequest.Id(staged.Batch), posted))
        {
            LastModified = staged.CollectionModified,
        };
    }

    private static async Task<SyncReply> WriteAsync(SyncCall call, long? batch, PostedItems posted)
    {
        var written = await WriteAsync(call, async session =>
        {
            CheckCollection(call, session);

            // What comes with the commit is written after what was put aside, and so wins.
            if (batch is { } number) await session.CommitBatchAsync(number);
            await session.UpsertAsync(posted.Items);
        });
        return new SyncReply(StatusCodes.Status200OK, ItemWriter.WriteOutcome(written, batch: null, posted)) { LastModified = written, Wrote = true };
    }

    private static Task<SyncTimestamp> WriteAsync(SyncCall call, Func<IWriteSession, Task> write) =>
        call.Host.Storage.WriteAsync(call.Route.Uid, call.Route.Collection, write, looksBack: call.Preconditions.IsAny);

    private static void CheckCollection(SyncCall call, IWriteSession session)
    {
        if (call.Preconditions.IsAny) call.Preconditions.Check(session.CollectionModified);
    }

    private static async Task CheckItemAsync(SyncCall call, IWriteSession session)
    {
        if (!call.Preconditions.IsAny) return;
        call.Preconditions.Check(await session.ReadItemModifiedAsync(call.Route.Id) ?? SyncTimestamp.Zero);
    }

    private static SyncReply Deleted(SyncTimestamp timestamp) => SyncReply.Written($"{{\"modified\":{timestamp}}}", timestamp);
}
