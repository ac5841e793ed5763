using System.Globalization;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.WebheadLoad;

/// <summary>A user under whose name requests are made and signed ahead of the load. Nonces are not remembered by the protocol's servers.</summary>
internal sealed class LoadUser(long uid)
{
    public const int Count = 300;
    private const int PayloadLength = 500;

    private readonly HawkCredentials credentials = Tokens.Issue(
        uid, Stack.Origin.GetLeftPart(UriPartial.Authority), Stack.Secret, TimeSpan.FromDays(1), TimeProvider.System);

    public static string Payload { get; } = new('x', PayloadLength);

    public static IReadOnlyList<LoadUser> All { get; } = [.. Enumerable.Range(1, Count).Select(uid => new LoadUser(uid))];

    public static string ItemId(int number) => string.Create(CultureInfo.InvariantCulture, $"item-{number:000000}");

    public static string Item(string? id) =>
        id is null ? $$"""{"payload":"{{Payload}}","sortindex":1}""" : $$"""{"id":"{{id}}","payload":"{{Payload}}","sortindex":1}""";

    public static string Items(int from, int count) =>
        "[" + string.Join(',', Enumerable.Range(from, count).Select(number => Item(ItemId(number)))) + "]";

    /// <summary>Gives the user what the loads read: a hundred items, and <c>meta/global</c>.</summary>
    public async Task FillAsync(Uri webhead, CancellationToken cancellationToken)
    {
        using var client = new SyncStorageClient(
            new SyncStorageClientOptions { Origin = Stack.Origin, ConnectTo = webhead, Secret = Stack.Secret, Uid = uid }, TimeProvider.System);
        foreach (var response in (SyncResponse[])[
            await client.PostAsync("/storage/bookmarks", Items(0, 100), cancellationToken),
            await client.PutAsync("/storage/meta/global", Item(null), cancellationToken),
            await client.PutAsync("/storage/clients/device", Item(null), cancellationToken)])
        {
            if (response.Status != System.Net.HttpStatusCode.OK) throw new InvalidOperationException($"Filling ended with {response.Status}: {response.Body}");
        }
    }

    /// <summary>A request of the protocol.</summary>
    public byte[] Signed(string method, string path, string? body = null)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"/1.5/{uid}{path}");
        var authorization = Hawk.Authorize(credentials, new HawkRequest(method, target, Stack.Origin.Host, Stack.Origin.Port), TimeProvider.System);
        return Wire(method, target, $"Authorization: {authorization}\r\n", body, "application/json");
    }

    /// <summary>A request of the bare endpoints.</summary>
    public byte[] Bare(string method, string path, string? body = null) =>
        Wire(method, string.Format(CultureInfo.InvariantCulture, path, uid), "", body, "text/plain");

    private static byte[] Wire(string method, string target, string headers, string? body, string type)
    {
        var length = body is null ? "" : $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n";
        return Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {Stack.Origin.Authority}\r\n{headers}{length}\r\n{body}");
    }
}
