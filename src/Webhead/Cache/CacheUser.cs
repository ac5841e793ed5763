using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SyncStorage.Webhead.Cache;

/// <summary>A user of a virtual hostname, as the cache knows them.</summary>
internal readonly struct CacheUser
{
    private readonly string prefix;

    public CacheUser(string hostname, long uid)
    {
        // The number in front is that of the values' format: releases that write another one must not read each other's.
        prefix = string.Create(CultureInfo.InvariantCulture, $"s2:{hostname}:{uid}");
        Hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(prefix.AsSpan()));
    }

    /// <summary>Decides the node of all the user's keys, so that several can be asked for at once.</summary>
    public ulong Hash { get; }

    /// <summary>The timestamps of the storage and of all collections.</summary>
    public string Metadata => prefix + ":m";

    /// <summary>The items of a collection.</summary>
    public string Collection(string name) => $"{prefix}:c:{name}";

    /// <summary>The open batches of a collection that is in the cache alone.</summary>
    public string Batches(string name) => $"{prefix}:b:{name}";
}
