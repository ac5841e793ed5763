using System.Net;
using System.Text.Json;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Concurrency;

/// <summary>A user with several devices, which read and write through whatever webheads there are, at random and without pause.</summary>
internal sealed class BusyUser(TestCluster cluster, Func<IReadOnlyList<WebheadProcess>> webheads, int seed)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly long uid = SmokeTest.RandomUid() - SmokeTest.FirstUid + 1;
    private int tags;

    public WriteHistory History { get; } = new();

    /// <summary>The collections that it uses.</summary>
    public required string[] Collections { get; init; }

    /// <summary>Whether webheads may die under it: then it does not know what became of a request.</summary>
    public bool MayBeCutOff { get; init; }

    private int conflicts;

    public int Conflicts => conflicts;

    /// <summary>Works until told to stop.</summary>
    public Task RunAsync(int devices, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, devices).Select(device => Task.Run(() => RunDeviceAsync(device, stop), None)));

    /// <summary>Compares what there is with what was written.</summary>
    public async Task CheckEndAsync()
    {
        foreach (var webhead in webheads())
        {
            using var client = cluster.NewUser(uid: uid, through: webhead);
            History.CheckInfo((await client.GetAsync("/info/collections", None)).Body, History.Latest(), isFinal: true);
            foreach (var collection in Collections)
                History.CheckEnd(collection, await client.GetAsync($"/storage/{collection}?full=1", None));
        }
    }

    private async Task RunDeviceAsync(int device, CancellationToken stop)
    {
        var random = new Random(seed * 1000 + device);
        while (!stop.IsCancellationRequested)
        {
            // A fresh client a few requests, so that it meets every webhead that there is.
            var choice = webheads();
            using var client = cluster.NewUser(uid: uid, through: choice[random.Next(choice.Count)]);
            for (var request = 0; request < 10 && !stop.IsCancellationRequested; request++)
            {
                try
                {
                    await StepAsync(client, random);
                }
                catch (Exception exception) when (MayBeCutOff && exception is HttpRequestException or TaskCanceledException or IOException)
                {
                    break;
                }
            }
        }
    }

    private Task StepAsync(SyncStorageClient client, Random random)
    {
        var collection = Collections[random.Next(Collections.Length)];
        var tag = $"t{Interlocked.Increment(ref tags)}";
        return random.Next(6) switch
        {
            0 or 1 => WriteAsync(client, collection, new() { [$"p{random.Next(6)}"] = tag }, put: true),
            2 => WriteAsync(client, collection, Enumerable.Range(0, 4).ToDictionary(item => $"p{item}", string? (_) => tag), put: false),
            3 => random.Next(2) == 0
                ? WriteAsync(client, collection, new() { [$"d{random.Next(3)}"] = tag }, put: true)
                : WriteAsync(client, collection, new() { [$"d{random.Next(3)}"] = null }, put: false),
            4 => ReadInfoAsync(client),
            _ => ReadPageAsync(client, collection),
        };
    }

    private async Task WriteAsync(SyncStorageClient client, string collection, Dictionary<string, string?> items, bool put)
    {
        SyncTimestamp? at = null;
        var isKnown = false;
        try
        {
            var response = items.First() switch
            {
                (var id, null) => await client.DeleteAsync($"/storage/{collection}/{id}", None),
                (var id, var payload) when put => await client.PutAsync($"/storage/{collection}/{id}", JsonSerializer.Serialize(new { payload }), None),
                _ => await client.PostAsync($"/storage/{collection}",
                    JsonSerializer.Serialize(items.Select(item => new { id = item.Key, payload = item.Value })), None),
            };
            isKnown = IsKnown(response);
            if (response.Status == HttpStatusCode.OK) at = response.LastModified;
        }
        finally
        {
            if (at is not null || !isKnown) History.Add(new SentWrite(collection, items, at));
        }
    }

    /// <summary>Whether it is known what became of a write; says so if the answer should not have been given.</summary>
    private bool IsKnown(SyncResponse response)
    {
        switch (response.Status)
        {
            case HttpStatusCode.OK or HttpStatusCode.NotFound:
                return true;
            case HttpStatusCode.ServiceUnavailable when response.RetryAfterSeconds is { } seconds:
                Interlocked.Increment(ref conflicts);

                // A conflict (10 s) changes nothing. Who could not reach what it needed does not know.
                return seconds == 10;
            default:
                History.Violation($"a request was answered {(int)response.Status} {response.Body}");
                return false;
        }
    }

    private async Task ReadInfoAsync(SyncStorageClient client)
    {
        var latest = History.Latest();
        var response = await client.GetAsync("/info/collections", None);
        if (IsKnown(response) && response.Status == HttpStatusCode.OK) History.CheckInfo(response.Body, latest);
    }

    private async Task ReadPageAsync(SyncStorageClient client, string collection)
    {
        var latest = History.Latest();
        var response = await client.GetAsync($"/storage/{collection}?full=1", None);
        if (IsKnown(response) && response.Status == HttpStatusCode.OK)
            History.CheckPage(collection, response, latest, id => id.StartsWith('p'));
    }
}
