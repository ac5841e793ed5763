using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>Short forms of what tests of the protocol ask and look at.</summary>
internal static class UserRequests
{
    /// <summary>Sends a request with headers (a <c>Name: value</c> each).</summary>
    public static Task<SyncResponse> SendAsync(this SyncStorageClient user, string method, string path, string? body = null,
        string type = "application/json", params string[] headers) =>
        user.SendAsync(new SyncRequest(new HttpMethod(method), path)
        {
            Body = body,
            ContentType = type,
            Headers = headers.Select(header => header.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]),
        }, CancellationToken.None);

    public static Task<SyncResponse> SendAsync(this SyncStorageClient user, SyncRequest request) => user.SendAsync(request, CancellationToken.None);

    public static Task<SyncResponse> GetAsync(this SyncStorageClient user, string path) => user.GetAsync(path, CancellationToken.None);

    public static Task<SyncResponse> PutAsync(this SyncStorageClient user, string path, string json) =>
        user.PutAsync(path, json, CancellationToken.None);

    public static Task<SyncResponse> PostAsync(this SyncStorageClient user, string path, string json) =>
        user.PostAsync(path, json, CancellationToken.None);

    public static Task<SyncResponse> DeleteAsync(this SyncStorageClient user, string path) => user.DeleteAsync(path, CancellationToken.None);

    /// <summary>Status and body, as most tests judge them.</summary>
    public static (HttpStatusCode Status, string Body) Answer(this SyncResponse response) => (response.Status, response.Body);

    public static string? Header(this SyncResponse response, string name) => response.Headers.GetValueOrDefault(name);

    public static JsonNode Json(this SyncResponse response) => JsonNode.Parse(response.Body)!;

    /// <summary>The ids of a list.</summary>
    public static string[] Ids(this SyncResponse response) => JsonSerializer.Deserialize<string[]>(response.Body)!;

    /// <summary>A POST's ids that were taken.</summary>
    public static string[] Success(this SyncResponse response) => response.Json()["success"].Deserialize<string[]>()!;

    /// <summary>A POST's ids that were not, with the reasons.</summary>
    public static Dictionary<string, string> Failed(this SyncResponse response) => response.Json()["failed"].Deserialize<Dictionary<string, string>>()!;

    /// <summary>The batch that a POST left open, as it stands in a URL.</summary>
    public static string Batch(this SyncResponse response) => response.Json()["batch"]!.GetValue<string>();

    /// <summary>Items with payload <c>p</c>, as a POST's body.</summary>
    public static string Items(params string[] ids) => JsonSerializer.Serialize(ids.Select(id => new { id, payload = "p" }));

    /// <summary>Numbered items, as a POST's body.</summary>
    public static string Items(int count, string payload = "p") =>
        JsonSerializer.Serialize(Enumerable.Range(0, count).Select(number => new { id = number.ToString("0000", CultureInfo.InvariantCulture), payload }));

    /// <summary>The items of a full list, by id.</summary>
    public static async Task<Dictionary<string, JsonObject>> ReadAllAsync(this SyncStorageClient user, string collection) =>
        (await user.GetAsync($"/storage/{collection}?full=1")).Json().AsArray().ToDictionary(item => item!["id"]!.GetValue<string>(), item => item!.AsObject());
}
