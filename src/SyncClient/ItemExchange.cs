using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SyncStorage.SyncClient;

/// <summary>What one webhead does in an exchange of items with others.</summary>
/// <param name="Read">Items that others have written: they must be there, as they were written.</param>
/// <param name="Write">The item to write, newer than any of them; null to write none.</param>
/// <param name="Clean">Whether all that the user has is deleted in the end, also if something failed.</param>
public sealed record ExchangeTurn(IReadOnlyList<string> Read, string? Write, bool Clean);

/// <summary>
/// Proves that webheads see the same data: what was written through one is read back through another, in a collection of the database, in
/// one that is written through the cache and in the one that is in the cache alone; and that timestamps only grow on the way. Each webhead has
/// its turn on the same user. What an item must say follows from its id, so that nothing but ids passes between them.
/// </summary>
public sealed class ItemExchange
{
    /// <summary>The collections in which items are exchanged.</summary>
    public static readonly IReadOnlyList<string> Collections = ["smoke", "meta", "tabs"];

    private const int MostAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly SyncStorageClient client;
    private readonly TimeProvider time;

    private ItemExchange(SyncStorageClient client, TimeProvider time) => (this.client, this.time) = (client, time);

    /// <summary>An id that no other item has.</summary>
    public static string NewItem() => "x" + RandomNumberGenerator.GetHexString(11, lowercase: true);

    /// <summary>Takes a turn on one virtual hostname.</summary>
    /// <param name="options">The virtual hostname and the user, one of <see cref="SmokeTest.RandomUid"/>.</param>
    /// <param name="turn">What is done.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up; what is to be cleaned still is.</param>
    /// <returns>What is wrong, in a sentence that starts with the collection; null if nothing is.</returns>
    public static async Task<string?> RunAsync(SyncStorageClientOptions options, ExchangeTurn turn, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(turn);
        using var client = new SyncStorageClient(options, time);
        var exchange = new ItemExchange(client, time);
        string? error;
        try
        {
            error = await exchange.TakeTurnAsync(turn, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            error = exception is HttpRequestException ? exception.Message : "no answer in time";
        }

        return turn.Clean ? await exchange.CleanAsync(error) : error;
    }

    private async Task<string?> TakeTurnAsync(ExchangeTurn turn, CancellationToken cancellationToken)
    {
        var newest = Collections.ToDictionary(collection => collection, _ => SyncTimestamp.Zero);
        foreach (var collection in Collections)
        {
            var (error, seen) = await ReadAsync(collection, turn.Read, cancellationToken);
            if (error is not null) return $"{collection}: {error}";
            newest[collection] = seen;
        }

        if (turn.Write is { } item)
        {
            foreach (var collection in Collections)
            {
                var (error, written) = await WriteAsync(collection, item, newest[collection], cancellationToken);
                if (error is not null) return $"{collection}: {error}";
                newest[collection] = written;
            }
        }

        return turn.Read.Count > 0 || turn.Write is not null ? await CheckInfoAsync(newest, cancellationToken) : null;
    }

    private async Task<(string? Error, SyncTimestamp Newest)> ReadAsync(string collection, IReadOnlyList<string> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0) return (null, SyncTimestamp.Zero);
        var response = await SendAsync(new SyncRequest(HttpMethod.Get, $"/storage/{collection}?full=1&ids={string.Join("%2C", items)}"), cancellationToken);
        if (response.Status != HttpStatusCode.OK) return (Unexpected("reading", response), SyncTimestamp.Zero);
        using var body = JsonDocument.Parse(response.Body);
        var found = body.RootElement.EnumerateArray().ToDictionary(entry => entry.GetProperty("id").GetString()!);
        var newest = SyncTimestamp.Zero;
        foreach (var item in items)
        {
            if (!found.TryGetValue(item, out var entry)) return ($"{item} is not there", newest);
            if (entry.GetProperty("payload").GetString() != PayloadOf(collection, item)) return ($"{item} does not say what was written", newest);
            if (!SyncTimestamp.TryParse(entry.GetProperty("modified").GetRawText(), out var modified)) return ($"{item} has no time", newest);
            newest = SyncTimestamp.Max(newest, modified);
        }

        return (null, newest);
    }

    private async Task<(string? Error, SyncTimestamp Written)> WriteAsync(string collection, string item, SyncTimestamp after, CancellationToken cancellationToken)
    {
        var body = $$"""{"payload":"{{PayloadOf(collection, item)}}"}""";
        var response = await SendAsync(new SyncRequest(HttpMethod.Put, $"/storage/{collection}/{item}") { Body = body }, cancellationToken);
        if (response.Status != HttpStatusCode.OK) return (Unexpected($"writing {item}", response), after);
        if (response.LastModified is not { } written) return ($"writing {item} was answered without a time", after);
        if (written <= after) return ($"{item} was written at {written}, and what was there already has {after}: time must grow", after);
        var (error, seen) = await ReadAsync(collection, [item], cancellationToken);
        return error is not null ? (error, written)
            : seen == written ? (null, written)
            : ($"{item} was written at {written} and is read back with {seen}", written);
    }

    private async Task<string?> CheckInfoAsync(Dictionary<string, SyncTimestamp> newest, CancellationToken cancellationToken)
    {
        var response = await SendAsync(new SyncRequest(HttpMethod.Get, "/info/collections"), cancellationToken);
        if (response.Status != HttpStatusCode.OK) return Unexpected("info/collections:", response);
        using var body = JsonDocument.Parse(response.Body);
        foreach (var (collection, expected) in newest)
        {
            var told = body.RootElement.TryGetProperty(collection, out var value) && SyncTimestamp.TryParse(value.GetRawText(), out var moment) ? moment : SyncTimestamp.Zero;
            if (told < expected) return $"{collection}: info/collections says {told}, and an item has {expected}";
        }

        return null;
    }

    private async Task<string?> CleanAsync(string? error)
    {
        // The first failure is what counts. Its own budget: the client's timeout.
        try
        {
            var response = await SendAsync(new SyncRequest(HttpMethod.Delete, "/storage"), CancellationToken.None);
            return error ?? (response.Status == HttpStatusCode.OK ? null : Unexpected("cleaning up:", response));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return error ?? $"cleaning up: {exception.Message}";
        }
    }

    // A webhead that sheds load, or a connection that broke, says nothing about the data. Every request here may be made twice.
    private async Task<SyncResponse> SendAsync(SyncRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await client.SendAsync(request, cancellationToken);
                if (response.Status != HttpStatusCode.ServiceUnavailable || attempt == MostAttempts) return response;
            }
            catch (HttpRequestException) when (attempt < MostAttempts)
            {
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private string PayloadOf(string collection, string item) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{client.Uid}/{collection}/{item}"))));

    private static string Unexpected(string what, SyncResponse response) => string.Create(
        CultureInfo.InvariantCulture, $"{what} was answered {(int)response.Status}, expected 200: {(response.Body.Length <= 100 ? response.Body : response.Body[..100])}");
}
