namespace SyncStorage.Webhead.Cache;

/// <summary>What the caching layers need of memcached. Every call throws <see cref="CacheUnavailableException"/> when it can't be had.</summary>
internal interface ICacheClient
{
    /// <summary>The value of a key, or null.</summary>
    Task<CacheEntry?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Stores a value if the key has none; false if it has.</summary>
    Task<bool> AddAsync(string key, byte[] value, TimeSpan expiry, CancellationToken cancellationToken);

    /// <summary>Replaces a value that is still the one seen; false if it changed or is gone.</summary>
    Task<bool> ReplaceAsync(string key, byte[] value, ulong seen, TimeSpan expiry, CancellationToken cancellationToken);

    /// <summary>Deletes a key, whether it is there or not.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
