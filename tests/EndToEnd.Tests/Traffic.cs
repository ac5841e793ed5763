using System.Collections.Concurrent;
using System.Net;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>Sync clients that write and read through the load balancer until they are stopped; nothing is tried twice.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    /// <summary>Between two rounds of a client: steady traffic, that leaves the machine to the deployment that is tested.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentDictionary<(string Host, long Uid, string Item), string> acknowledged = new();
    private readonly List<SyncStorageClient> clients = [];
    private readonly List<Task> loops = [];
    private int requests;

    public int Requests => requests;

    public IReadOnlyCollection<string> Failures => failures;

    public static async Task<Traffic> StartAsync(Cluster cluster, IReadOnlyList<string> hostnames, int clientsPerHost)
    {
        var traffic = new Traffic();
        var (_, _, credentials) = cluster.Connection();
        using var ssm = new AmazonSimpleSystemsManagementClient(credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));
        foreach (var hostname in hostnames)
        {
            var secret = await ssm.GetParameterAsync(new GetParameterRequest { Name = $"/sync2/secrets/{hostname}", WithDecryption = true });
            for (var number = 0; number < clientsPerHost; number++)
                traffic.Add(new SyncStorageClient(
                    new SyncStorageClientOptions
                    {
                        Origin = new Uri($"http://{hostname}:{cluster.LoadBalancerPort}"),
                        Secret = NodeSecrets.ParseList(secret.Parameter.Value)[0],
                        Uid = 1000 + number,
                    },
                    TimeProvider.System));
        }

        return traffic;
    }

    /// <summary>Ends the clients, and reads every acknowledged write back.</summary>
    public async Task StopAndVerifyAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        foreach (var ((host, uid, item), payload) in acknowledged)
        {
            var client = clients.Single(one => one.Origin.Host == host && one.Uid == uid);
            var response = await client.GetAsync($"/storage/bookmarks/{item}", CancellationToken.None);
            if (response.Status != HttpStatusCode.OK || !response.Body.Contains(payload, StringComparison.Ordinal))
                failures.Enqueue($"{host} lost {item} of user {uid}: {response.Status} {response.Body}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        foreach (var client in clients) client.Dispose();
        stop.Dispose();
    }

    private void Add(SyncStorageClient client)
    {
        clients.Add(client);
        loops.Add(Task.Run(() => LoopAsync(client)));
    }

    private async Task LoopAsync(SyncStorageClient client)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var item = $"item{round % 20}";
            var payload = $"round-{round}-";
            await TryAsync("PUT", async () => await client.PutAsync($"/storage/bookmarks/{item}", $$"""{"payload":"{{payload}}"}""", CancellationToken.None), response =>
            {
                acknowledged[(client.Origin.Host, client.Uid, item)] = payload;
                return response.Status == HttpStatusCode.OK;
            });
            await TryAsync("GET", async () => await client.GetAsync($"/storage/bookmarks/{item}", CancellationToken.None), response =>
                response.Status == HttpStatusCode.OK && response.Body.Contains(payload, StringComparison.Ordinal));
            await Task.Delay(Pace, TimeProvider.System);
        }
    }

    private async Task TryAsync(string what, Func<Task<SyncResponse>> send, Func<SyncResponse, bool> isRight)
    {
        Interlocked.Increment(ref requests);
        try
        {
            var response = await send();
            if (!isRight(response)) failures.Enqueue($"{what}: {response.Status} {response.Body}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            failures.Enqueue($"{what}: {exception.Message}");
        }
    }
}
