using System.Globalization;

namespace SyncStorage.Webhead.Cache;

/// <summary>Where a memcached is.</summary>
internal sealed record CacheAddress(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
