using System.Net;

namespace SyncStorage.SyncClient;

/// <summary>What a webhead answered.</summary>
public sealed record SyncResponse
{
    /// <summary>The HTTP status.</summary>
    public required HttpStatusCode Status { get; init; }

    /// <summary>The body, empty if there is none.</summary>
    public required string Body { get; init; }

    /// <summary>All headers, by name in any case; several values joined with a comma.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The server's time (<c>X-Weave-Timestamp</c>), if it gave it.</summary>
    public SyncTimestamp? Timestamp => Moment("X-Weave-Timestamp");

    /// <summary>When the target last changed (<c>X-Last-Modified</c>), if the server said so.</summary>
    public SyncTimestamp? LastModified => Moment("X-Last-Modified");

    /// <summary>Where the next page of a list starts (<c>X-Weave-Next-Offset</c>); null at the end.</summary>
    public string? NextOffset => Headers.GetValueOrDefault("X-Weave-Next-Offset");

    /// <summary>How many records the response has (<c>X-Weave-Records</c>), if the server said so.</summary>
    public int? Records => int.TryParse(Headers.GetValueOrDefault("X-Weave-Records"), out var records) ? records : null;

    /// <summary>After how many seconds to come back (<c>Retry-After</c>), if the server said so.</summary>
    public int? RetryAfterSeconds => int.TryParse(Headers.GetValueOrDefault("Retry-After"), out var seconds) ? seconds : null;

    private SyncTimestamp? Moment(string header) =>
        SyncTimestamp.TryParse(Headers.GetValueOrDefault(header), out var timestamp) ? timestamp : null;
}
