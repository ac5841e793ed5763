using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;
using SyncStorage.SyncClient;

namespace SyncStorage.Resilience.Harness;

/// <summary>
/// Sync clients that write and read through the load balancer until they are stopped. Nothing is tried twice: what is not
/// answered as it should be is a failure, and so is a timestamp of a collection that does not grow.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Items = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentQueue<string> signed = new();
    private readonly List<Client> clients = [];
    private readonly List<Task> loops = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<SlowClient> slowClients = [];
    private long slowest;
    private int requests;
    private int slowRequests;

    private Traffic()
    {
    }

    public int Requests => Volatile.Read(ref requests);

    /// <summary>How many of them took long on purpose.</summary>
    public int SlowRequests => Volatile.Read(ref slowRequests);

    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>How long the slowest request took, of those that were not slow on purpose.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref slowest));

    /// <summary>Starts clients, each a user of its own.</summary>
    /// <param name="cluster">Whose load balancer they go through.</param>
    /// <param name="hostnames">The virtual hostnames.</param>
    /// <param name="clientsPerHost">How many for each.</param>
    /// <param name="pace">Between two rounds of a client; null is 100 ms: steady traffic, that leaves the machine to the deployment.</param>
    /// <param name="slow">How many clients there are besides, for the first host, that send and take their megabytes slowly: there are always some in flight.</param>
    /// <param name="follows">Whether tokens are signed as a token server would, where secrets are rotated, and certificates are trusted as they come; else all is as at the beginning.</param>
    public static async Task<Traffic> StartAsync(Cluster cluster, IReadOnlyList<string> hostnames, int clientsPerHost, TimeSpan? pace = null, int slow = 0, bool follows = false)
    {
        var traffic = new Traffic();
        var signers = new Signers(cluster);
        var first = await signers.ReadAsync(hostnames);
        Func<X509Certificate2Collection>? roots = cluster.Roots() is null ? null : () => cluster.Roots()!;
        foreach (var hostname in hostnames)
        {
            for (var number = 0; number < clientsPerHost; number++) traffic.Add(new Client(OptionsOf(1000 + number)), pace ?? TimeSpan.FromMilliseconds(100));
            if (hostname == hostnames[0])
                for (var number = 0; number < slow; number++) await traffic.AddSlowAsync(OptionsOf(2000 + number));

            SyncStorageClientOptions OptionsOf(long uid) => new()
            {
                Origin = cluster.OriginOf(hostname),
                Secret = first[hostname].Secret,
                Uid = uid,
                TrustedRoots = roots,
            };
        }

        if (follows) traffic.loops.Add(Task.Run(() => traffic.FollowAsync(cluster, signers, first)));
        else signers.Dispose();
        return traffic;
    }

    /// <summary>Which secrets have signed tokens, by hostname and timestamp.</summary>
    public IReadOnlyCollection<string> Signed => signed;

    private async Task FollowAsync(Cluster cluster, Signers signers, IReadOnlyDictionary<string, DatedSecret> first)
    {
        using var _ = signers;
        var now = first.ToDictionary();
        var known = cluster.Roots();
        foreach (var (hostname, secret) in now) signed.Enqueue($"{hostname} {secret.Timestamp}");
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System);
            if (cluster.Roots() is { } trusted && !trusted.SequenceEqual(known!))
            {
                // Each connects anew, and trusts what the file says then.
                known = trusted;
                Change(_ => true, options => options with { TrustedRoots = () => cluster.Roots()! });
            }

            IReadOnlyDictionary<string, DatedSecret> seen;
            try
            {
                seen = await signers.ReadAsync(now.Keys);
            }
            catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException)
            {
                // A cloud that is hard to reach: a token server goes on with what it has.
                continue;
            }

            foreach (var (hostname, secret) in seen.Where(pair => pair.Value.Timestamp != now[pair.Key].Timestamp))
            {
                now[hostname] = secret;
                signed.Enqueue($"{hostname} {secret.Timestamp}");
                Change(options => options.Origin.Host == hostname, options => options with { Secret = secret.Secret });
            }
        }
    }

    private void Change(Predicate<SyncStorageClientOptions> whose, Func<SyncStorageClientOptions, SyncStorageClientOptions> change)
    {
        foreach (var client in clients.Where(client => whose(client.Options))) client.Options = change(client.Options);
        foreach (var client in slowClients.Where(client => whose(client.Options))) client.Options = change(client.Options);
    }

    /// <summary>Ends the clients, and reads every acknowledged write back.</summary>
    public async Task StopAndVerifyAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        foreach (var client in clients)
        {
            foreach (var (item, payload) in client.Acknowledged)
            {
                await TryAsync($"{client.Sync.Origin.Host} lost {item} of user {client.Sync.Uid}", () => client.Sync.GetAsync($"/storage/bookmarks/{item}", CancellationToken.None),
                    response => response.Status == HttpStatusCode.OK && response.Body.Contains(payload, StringComparison.Ordinal));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        foreach (var client in clients) client.Dispose();
        foreach (var client in slowClients) client.Dispose();
        stop.Dispose();
    }

    private void Add(Client client, TimeSpan pace)
    {
        clients.Add(client);
        loops.Add(Task.Run(() => LoopAsync(client, pace)));
    }

    private async Task AddSlowAsync(SyncStorageClientOptions options)
    {
        var client = new SlowClient(options);
        slowClients.Add(client);
        await client.PrepareAsync();
        loops.Add(Task.Run(() => SlowLoopAsync(client)));
    }

    private async Task SlowLoopAsync(SlowClient client)
    {
        while (!stop.IsCancellationRequested)
        {
            await SlowlyAsync("slow PUT", client.WriteAsync);
            await SlowlyAsync("slow GET", client.ReadAsync);
        }
    }

    private async Task SlowlyAsync(string what, Func<Task<string?>> send)
    {
        Interlocked.Increment(ref requests);
        Interlocked.Increment(ref slowRequests);
        try
        {
            if (await send() is { } wrong) Fail($"{what}: {wrong}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            Fail($"{what}: {exception.Message} {exception.InnerException?.GetBaseException().Message}");
        }
    }

    private async Task LoopAsync(Client client, TimeSpan pace)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var item = $"item{round % Items}";
            var payload = $"round-{round}-";
            await TryAsync(
                "PUT", () => client.Sync.PutAsync($"/storage/bookmarks/{item}", $$"""{"payload":"{{payload}}"}""", CancellationToken.None), response => client.Wrote(item, payload, response));
            await TryAsync(
                "GET", () => client.Sync.GetAsync($"/storage/bookmarks/{item}", CancellationToken.None),
                response => response.Status == HttpStatusCode.OK && response.Body.Contains(payload, StringComparison.Ordinal));
            if (pace > TimeSpan.Zero) await Task.Delay(pace, TimeProvider.System);
        }
    }

    private async Task TryAsync(string what, Func<Task<SyncResponse>> send, Func<SyncResponse, bool> isRight)
    {
        Interlocked.Increment(ref requests);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await send();
            if (!isRight(response)) Fail($"{what}: {(int)response.Status} {response.Body}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Fail($"{what}: {exception.Message} {exception.InnerException?.GetBaseException().Message}");
        }

        var took = Stopwatch.GetElapsedTime(started).Ticks;
        for (var seen = Interlocked.Read(ref slowest); took > seen; seen = Interlocked.Read(ref slowest)) Interlocked.CompareExchange(ref slowest, took, seen);
    }

    private void Fail(string what) => failures.Enqueue($"{clock.Elapsed.TotalSeconds:0.0} s: {what}");

    /// <summary>One user, and what was acknowledged.</summary>
    private sealed class Client(SyncStorageClientOptions options) : IDisposable
    {
        private SyncTimestamp last = SyncTimestamp.Zero;
        private volatile SyncStorageClient sync = new(options, TimeProvider.System);
        private SyncStorageClientOptions options = options;

        public SyncStorageClient Sync => sync;

        /// <summary>As whom it asks; a change counts from its next request on. The client of before is left to its request.</summary>
        public SyncStorageClientOptions Options
        {
            get => options;
            set => sync = new SyncStorageClient(options = value, TimeProvider.System);
        }

        public void Dispose() => sync.Dispose();

        public Dictionary<string, string> Acknowledged { get; } = new(StringComparer.Ordinal);

        /// <summary>Takes the answer to a write in; false if it is not one, or its timestamp has not grown.</summary>
        public bool Wrote(string item, string payload, SyncResponse response)
        {
            if (response.Status != HttpStatusCode.OK || response.LastModified is not { } modified) return false;
            Acknowledged[item] = payload;
            var grew = modified > last;
            last = modified;
            return grew;
        }
    }
}
