using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What a request says about the state it expects its target in.</summary>
internal readonly record struct Preconditions(SyncTimestamp? ModifiedSince, SyncTimestamp? UnmodifiedSince)
{
    /// <summary>Whether there are any.</summary>
    public bool IsAny => ModifiedSince is not null || UnmodifiedSince is not null;

    /// <exception cref="SyncReplyException">They are no timestamps, or both are there.</exception>
    public static Preconditions Read(IHeaderDictionary headers)
    {
        var modified = Read(headers, "X-If-Modified-Since");
        var unmodified = Read(headers, "X-If-Unmodified-Since");
        if (modified is not null && unmodified is not null) throw SyncReplyException.BadRequest();
        return new Preconditions(modified, unmodified);
    }

    /// <summary>Ends the request with 304 or 412 if the target is not as expected.</summary>
    /// <param name="target">When the target changed last; zero if it is not there.</param>
    public void Check(SyncTimestamp target)
    {
        if (ModifiedSince is { } modified && target <= modified)
            throw new SyncReplyException(new SyncReply(StatusCodes.Status304NotModified, default) { LastModified = target });
        if (UnmodifiedSince is { } unmodified && target > unmodified)
            throw new SyncReplyException(SyncReply.Error(StatusCodes.Status412PreconditionFailed) with { LastModified = target });
    }

    private static SyncTimestamp? Read(IHeaderDictionary headers, string name)
    {
        if (!headers.TryGetValue(name, out var values)) return null;
        return SyncTimestamp.TryParse(values.ToString(), out var timestamp) ? timestamp : throw SyncReplyException.BadRequest();
    }
}
