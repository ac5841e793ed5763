using System.Collections.Concurrent;
using System.Net;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Tests.Rds;

/// <summary>Addresses of 127.90.x.y, each owner its own.</summary>
internal sealed class FakeAddresses(byte third) : IAddressPool
{
    private readonly ConcurrentDictionary<string, IPAddress> leases = new(StringComparer.Ordinal);

    public IEnumerable<string> Owners => leases.Keys;

    public IPAddress Lease(string owner, params ReadOnlySpan<int> ports) => leases.GetOrAdd(owner, _ => Enumerable.Range(1, 250)
        .Select(last => new IPAddress([127, 90, third, (byte)last])).First(address => !leases.Values.Contains(address)));

    public void Release(string owner) => leases.TryRemove(owner, out _);
}
