using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests;

/// <summary>Settings like those of <c>local.json</c>, to vary with <c>with</c>.</summary>
internal static class TestSettings
{
    public static readonly ClusterNames Names = new("sync2");

    public static readonly DatabaseNodeSettings Node = new() { Name = "db0", Hosts = [Host(0), Host(1)] };

    public static readonly EnvironmentSettings Local = new()
    {
        Cluster = "sync2",
        Network = new NetworkSettings { ClientCidrs = ["127.0.0.0/8"] },
        LoadBalancer = new LoadBalancerSettings { Port = 8080 },
        Webheads = new WebheadSettings { Count = 3, Port = 8000 },
        Dbnodes = [Node],
    };

    private static VirtualHostSettings Host(int number) => new() { Hostname = $"sync{number}.localhost", Database = $"syncstorage{number}" };
}
