using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Database;

public sealed class HostnameChangesTests
{
    private static readonly DatabaseNodeSettings First = Node("db0", ("a.example.com", "s0"), ("b.example.com", "s1"));
    private static readonly DatabaseNodeSettings Second = Node("db1", ("c.example.com", "s0"));

    [Test]
    public void Moves_NodesAndHostsAdded_AreNone() =>
        Assert.That(HostnameChanges.Moves(Served(First), [Second, First, Node("db2", ("d.example.com", "s0"))]), Is.Empty);

    [Test]
    public void RequireInPlace_HostnameOnAnotherNode_IsRefused() =>
        Assert.That(
            () => HostnameChanges.RequireInPlace(Served(First, Second), [First, Node("db2", ("c.example.com", "s0"))]),
            Throws.InstanceOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.HostnameMoved).And.Message.Contains("c.example.com from db1/s0 to db2/s0"));

    [Test]
    public void RequireInPlace_HostnameInAnotherDatabase_IsRefused() =>
        Assert.That(
            () => HostnameChanges.RequireInPlace(Served(First), [Node("db0", ("a.example.com", "s0"), ("b.example.com", "s2"))]),
            Throws.InstanceOf<PipelineException>().With.Message.Contains("b.example.com from db0/s1 to db0/s2"));

    [Test]
    public void Departures_NodeAndHostname_SayWhichNodeLeavesWholly()
    {
        var departures = HostnameChanges.Departures(Served(First, Second), [Node("db0", ("a.example.com", "s0"))]);

        Assert.That(
            departures.Select(departure => (departure.Node.Name, departure.Hosts.Single().Hostname, departure.Whole)),
            Is.EqualTo([("db0", "b.example.com", false), ("db1", "c.example.com", true)]));
    }

    internal static DatabaseNodeSettings Node(string name, params (string Hostname, string Database)[] hosts) =>
        new() { Name = name, Hosts = [.. hosts.Select(host => new VirtualHostSettings { Hostname = host.Hostname, Database = host.Database })] };

    internal static ConfigDocument Served(params DatabaseNodeSettings[] nodes) => new()
    {
        Version = 3,
        Cluster = "sync2",
        Region = "eu-west-1",
        Cache = new ConfigEndpoint("127.0.0.1", 11211),
        Nodes =
        [
            .. nodes.Select(node => new ConfigNode(
                node.Name, "10.0.0.1", 3306, "sync2", $"/sync2/db/{node.Name}/app",
                [.. node.Hosts.Select(host => new ConfigHost(host.Hostname, $"http://{host.Hostname}", host.Database, "s") { Assign = node.TakesUsers(host) ? null : false })])),
        ],
    };
}
