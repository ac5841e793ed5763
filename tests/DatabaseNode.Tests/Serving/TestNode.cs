using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Serving;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Tests.Serving;

/// <summary>A dbnode in this process, with a real MariaDB on an address and a root directory of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private static int last;

    private readonly FolderCloud cloud;
    private readonly CancellationTokenSource stopping = new();
    private readonly NodeService service;
    private readonly Task<int> running;

    private TestNode(string root, FolderCloud cloud, RestoreRequest? restore)
    {
        this.cloud = cloud;
        var address = new IPAddress([127, (byte)(100 + Environment.ProcessId % 100), (byte)(Environment.ProcessId / 100 % 250 + 1), (byte)(Interlocked.Increment(ref last) % 250 + 1)]);
        Settings = new NodeSettings
        {
            Cluster = "test",
            Bucket = "bucket",
            Node = "db0",
            Address = address,
            Port = FreePort(address),
            Region = "us-east-1",
            VolumeId = "vol-1",
            Root = root,
            Restore = restore,

            // What is to be brought to the bucket is asked for.
            ShipEvery = TimeSpan.FromHours(1),
        };
        Directory.CreateDirectory(Settings.MountPoint);
        cloud.Volume = Settings.MountPoint;
        service = new NodeService(Settings, "1.0-test", MariaDbPrograms.Find(), cloud, TimeProvider.System, NullLogger.Instance);
        running = service.RunAsync(stopping.Token);
    }

    public NodeSettings Settings { get; }

    /// <summary>Starts one on what is in a root directory, and waits until it is in a state.</summary>
    public static async Task<TestNode> StartAsync(string root, FolderCloud cloud, CancellationToken cancellationToken, RestoreRequest? restore = null, string state = "ready")
    {
        var node = new TestNode(root, cloud, restore);
        await node.UntilAsync(status => (string?)status["state"] == state, state, cancellationToken);
        return node;
    }

    public async Task UntilAsync(Func<JsonObject, bool> holds, string what, CancellationToken cancellationToken)
    {
        JsonObject? seen = null;
        while (seen is null || !holds(seen))
        {
            if (running.IsCompleted) throw new InvalidOperationException($"It ended with {await running}, and did not come to be: {what}. Last: {seen}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            try
            {
                seen = await SendAsync("status", cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // It has not begun to listen.
            }

            if ((string?)seen?["state"] == "failed" && what != "failed") throw new InvalidOperationException($"{seen}");
        }
    }

    public Task<JsonObject> SendAsync(string command, CancellationToken cancellationToken) => ControlSocket.SendAsync(Settings.RunDirectory, command, cancellationToken);

    /// <summary>A statement, or the first value of a query, as the master account.</summary>
    public async Task<object?> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = Settings.Address.ToString(),
            Port = (uint)Settings.Port,
            UserID = ServerAccounts.Master,
            Password = cloud.Password,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>How it ended by itself.</summary>
    public Task<int> EndedAsync() => running;

    public async Task<int> StopAsync()
    {
        await stopping.CancelAsync();
        return await running;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await service.DisposeAsync();
        stopping.Dispose();
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
