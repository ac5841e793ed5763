using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Protocol;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin smoke</c></summary>
internal static class SmokeCommand
{
    private const string Host = "--host";
    private const string NoNodes = "--no-nodes";
    private const string Connect = "--connect";
    private const int LongestError = 200;
    private const int TokenSeconds = 60;

    public static AdminCommand Command { get; } = new("smoke", "this instance's service refuses who shows no token, and each node accepts the tokens that it gives",
        [
            new(Host, "URL", "only this node") { Repeatable = true },
            new(NoNodes, null, "only the service itself"),
            new(Connect, "URL", "where the nodes are reached, if their names do not lead there yet: the webheads' load balancer"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        if (await RefusalAsync(context) is { } error) return new JsonObject { ["ok"] = false, ["error"] = error };
        if (line.Has(NoNodes)) return new JsonObject { ["ok"] = true };

        var document = await context.ReadDocumentAsync();
        var wanted = line.Values(Host);
        var hosts = document.Hosts.Where(host => wanted.Count == 0 || wanted.Contains(host.Node)).ToList();
        if (wanted.FirstOrDefault(node => hosts.TrueForAll(host => host.Node != node)) is { } unknown)
            throw new ConfigurationException($"Configuration {document.Version} has no node {unknown}.");

        var signers = await context.ReadSignersAsync(document);
        var secrets = await context.Source.ReadSecretsAsync([document.MetricsSecretParameter], context.CancellationToken);
        var issuer = new TokenIssuer(document.Origin.GetLeftPart(UriPartial.Authority), secrets[document.MetricsSecretParameter], context.Time);
        var connectTo = line.Value(Connect) is not { } address ? null
            : Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw new CommandLineException($"{Connect} must be an http or https URL, and is \"{address}\"");
        var results = await Task.WhenAll(hosts.Select(host => AcceptedAsync(context, host, connectTo, signers[host.Node], issuer)));
        return new JsonObject
        {
            ["ok"] = results.All(result => result is null),
            ["hosts"] = new JsonArray([.. hosts.Select((host, index) => Describe(host.Node, results[index]))]),
        };
    }

    // Without an access token nobody gets in: and what says so is the service, whole with its error bodies.
    private static async Task<string?> RefusalAsync(AdminContext context)
    {
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, $"{TokenProtocol.Prefix}sync/1.5", context.CancellationToken);
        return status == HttpStatusCode.Unauthorized && Status(body) == "error" ? null : $"a request without a token is answered {(int)status}, expected 401 with an error body";
    }

    private static string? Status(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["status"]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with a node's answer to a token; null if it lets it in.</summary>
    private static async Task<string?> AcceptedAsync(AdminContext context, TokenHost host, Uri? connectTo, TokenSecret secret, TokenIssuer issuer)
    {
        var uid = SmokeTest.RandomUid();
        var given = issuer.Issue(uid, "smoke", new KeyId(0, "00"), host.Node, secret, TokenSeconds);
        using var client = new SyncStorageClient(new SyncStorageClientOptions { Origin = host.Origin, ConnectTo = connectTo, Given = given, Uid = uid }, context.Time);
        try
        {
            var response = await client.GetAsync("/info/collections", context.CancellationToken);
            return response.Status == HttpStatusCode.OK ? null : $"a token is answered {(int)response.Status}: {response.Body}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
        catch (TaskCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    private static JsonObject Describe(string node, string? error)
    {
        var description = new JsonObject { ["node"] = node, ["ok"] = error is null };
        if (error is not null) description["error"] = error.Length <= LongestError ? error : error[..LongestError];
        return description;
    }
}
