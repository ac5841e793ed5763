using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>One virtual hostname as it is served: its secrets, its database, its part of the cache.</summary>
internal sealed class VirtualHost(HostEntry entry, IReadOnlyList<TokenSecret> secrets, HostDatabase database, MetadataCache timestamps,
    TimeProvider time)
{
    /// <summary>The origin that clients see; Hawk signs its host and port.</summary>
    public Uri Origin => entry.Origin;

    /// <summary>What a token for this host names as its node.</summary>
    public string Node { get; } = entry.Origin.GetLeftPart(UriPartial.Authority);

    /// <summary>The secrets, newest first.</summary>
    public IReadOnlyList<TokenSecret> Secrets => secrets;

    public UserStore Store { get; } = new(database, time);

    public UserWriter Writer { get; } = new(database, time);

    public MetadataCache Timestamps => timestamps;

    /// <summary>When a user's storage and collections changed last: from the cache, or else from the database.</summary>
    public Task<UserTimestamps> ReadTimestampsAsync(long uid, CancellationToken cancellationToken) =>
        timestamps.ReadAsync(uid, token => Store.ReadTimestampsAsync(uid, token), cancellationToken);
}
