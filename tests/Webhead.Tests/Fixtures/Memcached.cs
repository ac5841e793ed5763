using System.Globalization;
using System.Net;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>A real memcached.</summary>
internal sealed class Memcached : IAsyncDisposable
{
    private ChildProcess? process;

    private Memcached(IPAddress address, int port) => (Address, Port) = (address, port);

    public IPAddress Address { get; }

    public int Port { get; }

    public static async Task<Memcached> StartAsync()
    {
        var address = Loopback.NextAddress();
        var memcached = new Memcached(address, Loopback.FreePort(address));
        await memcached.RunAsync();
        return memcached;
    }

    public async Task RunAsync()
    {
        process = ChildProcess.Start("memcached",
            ["-u", Environment.UserName, "-l", Address.ToString(), "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "0", "-m", "16", "-t", "1"]);
        await Loopback.UntilAsync(() => Loopback.AcceptsAsync(Address, Port), "memcached listens");
    }

    /// <summary>It keeps its connections, takes new ones, and answers none.</summary>
    public Task FreezeAsync() => process!.SignalAsync("STOP");

    public Task ThawAsync() => process!.SignalAsync("CONT");

    public async Task StopAsync()
    {
        if (process is not null) await process.DisposeAsync();
        process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
