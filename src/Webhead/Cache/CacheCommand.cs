namespace SyncStorage.Webhead.Cache;

/// <summary>The commands of memcached that are in use.</summary>
internal enum CacheVerb
{
    Get,
    Set,
    Add,
    Replace,
    Delete,
    Touch,
    Version,
}

/// <summary>What memcached is asked to do.</summary>
internal readonly record struct CacheCommand(CacheVerb Verb, string Key)
{
    public ReadOnlyMemory<byte> Value { get; private init; }

    /// <summary>After how many seconds the value goes; 0 is never. More than 30 days would be taken for a date.</summary>
    public int ExpirySeconds { get; private init; }

    /// <summary>The value that must still be there to be replaced.</summary>
    public CacheEntry? Seen { get; private init; }

    /// <summary>Reads a value.</summary>
    public static CacheCommand Get(string key) => new(CacheVerb.Get, key);

    /// <summary>Stores a value, whatever was there.</summary>
    public static CacheCommand Set(string key, ReadOnlyMemory<byte> value, TimeSpan expiry) =>
        new(CacheVerb.Set, key) { Value = value, ExpirySeconds = (int)expiry.TotalSeconds };

    /// <summary>Stores a value if there is none.</summary>
    public static CacheCommand Add(string key, ReadOnlyMemory<byte> value, TimeSpan expiry) =>
        new(CacheVerb.Add, key) { Value = value, ExpirySeconds = (int)expiry.TotalSeconds };

    /// <summary>Replaces a value that is still the one seen.</summary>
    public static CacheCommand Replace(string key, ReadOnlyMemory<byte> value, CacheEntry seen, TimeSpan expiry) =>
        new(CacheVerb.Replace, key) { Value = value, ExpirySeconds = (int)expiry.TotalSeconds, Seen = seen };

    /// <summary>Deletes a value, whether it is there or not.</summary>
    public static CacheCommand Delete(string key) => new(CacheVerb.Delete, key);

    /// <summary>Finds out whether a value is there, without reading it; it then never expires.</summary>
    public static CacheCommand Touch(string key) => new(CacheVerb.Touch, key);
}

/// <summary>What came of a command.</summary>
internal enum CacheOutcome
{
    /// <summary>Found, stored, deleted or touched.</summary>
    Done,

    /// <summary>There is no such key; or, to a store, the value there is not the one seen.</summary>
    NotDone,

    /// <summary>memcached has no room for the value, or it is larger than any may be.</summary>
    Refused,
}

/// <summary>The answer to a command, with the value if one was read.</summary>
internal readonly record struct CacheAnswer(CacheOutcome Outcome, CacheEntry? Entry = null)
{
    public bool Done => Outcome == CacheOutcome.Done;
}

/// <summary>A value as it was read.</summary>
/// <param name="Value">The value.</param>
/// <param name="Unique">The number that changes whenever the value does.</param>
/// <param name="Connection">The connection that it was read over: a memcached that was restarted numbers its values from the start.</param>
internal sealed record CacheEntry(byte[] Value, ulong Unique, long Connection);
