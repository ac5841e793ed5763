using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace SyncStorage.Resilience.Harness;

/// <summary>LocalCloud's control endpoint: faults on demand, restricted users. Signed as everything there is.</summary>
internal sealed class Control(Cluster cluster) : IDisposable
{
    private const string Service = "localcloud";
    private const string Faults = "/_localcloud/faults";
    private const string Users = "/_localcloud/users";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Adds rules: one JSON object, or an array of them.</summary>
    public Task AddAsync(string rules) => SendAsync(HttpMethod.Post, Faults, rules);

    /// <summary>Takes all rules away.</summary>
    public Task ClearAsync() => SendAsync(HttpMethod.Delete, Faults, "");

    /// <summary>The rules that are left.</summary>
    public Task<string> RulesAsync() => SendAsync(HttpMethod.Get, Faults, "");

    /// <summary>Makes a user who may do what a policy says, and nothing else.</summary>
    /// <returns>The access key and its secret.</returns>
    public async Task<(string Id, string Secret)> RestrictAsync(string user, string policy)
    {
        var made = JsonNode.Parse(await SendAsync(HttpMethod.Post, Users, new JsonObject { ["user"] = user, ["policy"] = JsonNode.Parse(policy) }.ToJsonString()))!;
        return ((string)made["accessKeyId"]!, (string)made["secretAccessKey"]!);
    }

    /// <summary>The actions that a user has been allowed since LocalCloud started.</summary>
    public async Task<IReadOnlyList<string>> UsedAsync(string user) =>
    [
        .. JsonNode.Parse(await SendAsync(HttpMethod.Get, Users, ""))!.AsArray().Single(one => (string?)one!["user"] == user)!["used"]!.AsArray().Select(action => (string)action!),
    ];

    public void Dispose() => http.Dispose();

    private async Task<string> SendAsync(HttpMethod method, string path, string body)
    {
        var (endpoint, region, credentials) = cluster.Connection();
        var uri = new Uri(new Uri(endpoint), path);
        using var request = new HttpRequestMessage(method, uri) { Content = new StringContent(body) };
        Sign(request, body, region, await credentials.GetCredentialsAsync());
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? answer : throw new HarnessException($"LocalCloud refused {method} {path} {body}: {answer}");
    }

    /// <summary>AWS's signature, version 4, over host and date.</summary>
    private static void Sign(HttpRequestMessage request, string body, string region, ImmutableCredentials credentials)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (date, day) = (now.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture), now.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture));
        var scope = $"{day}/{region}/{Service}/aws4_request";
        var canonical = $"{request.Method}\n{request.RequestUri!.AbsolutePath}\n\nhost:{request.RequestUri.Authority}\nx-amz-date:{date}\n\nhost;x-amz-date\n{Hash(body)}";
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey);
        foreach (var part in new[] { day, region, Service, "aws4_request" }) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}")));
        request.Headers.TryAddWithoutValidation("x-amz-date", date);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={credentials.AccessKey}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
