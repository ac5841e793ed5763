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
            await session.UpsertAsync([item], CancellationToken.None);
            await session.TouchCollectionAsync(CancellationToken.None);
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
            await session.UpsertAsync(batch.Items, CancellationToken.None);
            await session.TouchCollectionAsync(CancellationToken.None);
        });
        return new SyncReply(StatusCodes.Status200OK, ItemWriter.WriteOutcome(written, batch)) { LastModified = written, Wrote = true };
    }

    public static async Task<SyncReply> DeleteItemAsync(SyncCall call)
    {
        var written = await WriteAsync(call, async session =>
        {
            await CheckItemAsync(call, session);
            if (await session.DeleteAsync([call.Route.Id], CancellationToken.None) == 0)
                throw new SyncReplyException(SyncReply.Error(StatusCodes.Status404NotFound));
            await session.TouchCollectionAsync(CancellationToken.None);
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
                await session.DeleteAsync(ids, CancellationToken.None);
                await session.TouchCollectionAsync(CancellationToken.None);
            }));
        }

        return Deleted(await WriteAsync(call, async session =>
        {
            call.Preconditions.Check(session.CollectionModified);
            await session.DeleteCollectionAsync(CancellationToken.None);
        }, manyChange: true));
    }

    public static async Task<SyncReply> DeleteStorageAsync(SyncCall call)
    {
        var mark = await call.Host.Timestamps.BeginWriteAsync(call.Route.Uid);
        try
        {
            var deleted = await call.Host.Writer.DeleteAllAsync(call.Route.Uid, call.Preconditions.Check);
            return SyncReply.Written("{}", deleted);
        }
        finally
        {
            await mark.UnknownAsync();
        }
    }

    /// <summary>Writes under the lock, with the cache told before and after. Returns the write's timestamp.</summary>
    private static async Task<SyncTimestamp> WriteAsync(SyncCall call, Func<WriteSession, Task> write, bool manyChange = false)
    {
        var written = SyncTimestamp.Zero;
        var mark = await call.Host.Timestamps.BeginWriteAsync(call.Route.Uid);
        try
        {
            await call.Host.Writer.WriteAsync(call.Route.Uid, call.Route.Collection, async session =>
            {
                await write(session);
                written = session.Now;
            });
        }
        catch (Exception exception) when (exception is SyncReplyException or WriteConflictException)
        {
            // Thrown before the commit: the transaction is rolled back, and what the cache knew still holds.
            await mark.UnchangedAsync();
            throw;
        }
        catch
        {
            await mark.UnknownAsync();
            throw;
        }

        await (manyChange ? mark.UnknownAsync() : mark.ChangedAsync(call.Route.Collection, written));
        return written;
    }

    private static async Task CheckItemAsync(SyncCall call, WriteSession session)
    {
        if (call.Preconditions is { ModifiedSince: null, UnmodifiedSince: null }) return;
        call.Preconditions.Check(await session.ReadItemModifiedAsync(call.Route.Id, CancellationToken.None) ?? SyncTimestamp.Zero);
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
