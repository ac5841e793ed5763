namespace SyncStorage.SyncClient;

/// <summary>One request of a user.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">
/// What follows <c>/1.5/{uid}</c>, as it shall be on the wire: <c>/storage/bookmarks?ids=a%2Cb</c> is neither encoded nor decoded.
/// </param>
public sealed record SyncRequest(HttpMethod Method, string Path)
{
    /// <summary>The body, if any.</summary>
    public string? Body { get; init; }

    /// <summary>The body's content type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Answer 304 unless the target changed after this moment.</summary>
    public SyncTimestamp? IfModifiedSince { get; init; }

    /// <summary>Answer 412 if the target changed after this moment.</summary>
    public SyncTimestamp? IfUnmodifiedSince { get; init; }

    /// <summary>More headers; an <c>Authorization</c> among them replaces the signature.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
