using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Leases addresses of one /16 of 127.0.0.0/8, which a state directory picks when it is made, and keeps.</summary>
internal sealed class AddressPool : IAddressPool
{
    // 127.0 and 127.1 are what people and distributions use themselves.
    private const int FirstNetwork = 16;
    private const int LastNetwork = 239;
    private const int FirstHost = 10;
    private const int HostCount = 65_000;

    private readonly Lock gate = new();
    private readonly StateFile<AddressState> file;
    private readonly AddressState state;

    public AddressPool(CloudContext cloud)
    {
        file = new StateFile<AddressState>(cloud.StateDirectory, "addresses");
        state = file.Load();
        if (state.Network != 0) return;
        state.Network = RandomNumberGenerator.GetInt32(FirstNetwork, LastNetwork + 1);
        file.Save(state);
    }

    public IPAddress Lease(string owner, params ReadOnlySpan<int> ports)
    {
        lock (gate)
        {
            if (state.Leases.TryGetValue(owner, out var held)) return IPAddress.Parse(held);
            var taken = state.Leases.Values.ToHashSet(StringComparer.Ordinal);
            for (var attempt = 0; attempt < HostCount; attempt++)
            {
                // Goes round, so that an address is not given again at once: its old owner's clients may still ask there.
                state.Next = (state.Next + 1) % HostCount;
                var host = FirstHost + state.Next;
                var address = new IPAddress([127, (byte)state.Network, (byte)(host >> 8), (byte)host]);
                if ((byte)host is 0 or 255 || taken.Contains(address.ToString()) || !CanBind(address, ports)) continue;
                state.Leases[owner] = address.ToString();
                file.Save(state);
                return address;
            }
        }

        throw new AwsException("InsufficientAddressCapacity", "There is no free address in this state directory's network.", 500);
    }

    public void Release(string owner)
    {
        lock (gate)
        {
            if (state.Leases.Remove(owner)) file.Save(state);
        }
    }

    private static bool CanBind(IPAddress address, ReadOnlySpan<int> ports)
    {
        foreach (var port in ports)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, port));
                socket.Listen(1);
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The leases that are saved.</summary>
internal sealed class AddressState
{
    /// <summary>The second byte of the addresses; 0 until picked.</summary>
    public int Network { get; set; }

    public int Next { get; set; }

    /// <summary>Addresses by owner.</summary>
    public Dictionary<string, string> Leases { get; init; } = [];
}
