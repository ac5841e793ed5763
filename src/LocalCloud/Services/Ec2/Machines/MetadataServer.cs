using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Hosting;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>
/// An instance's metadata endpoint (IMDSv2), on the instance's own address: sessions begin with a PUT for a token, and
/// what is read needs it.
/// </summary>
internal sealed class MetadataServer : IAsyncDisposable
{
    /// <summary>Its port on the instance's address.</summary>
    public const int Port = 1338;

    private const int LongestSessionSeconds = 21600;

    private readonly CloudContext context;
    private readonly ICredentialStore credentials;
    private readonly Func<MetadataFacts?> facts;
    private readonly ConcurrentDictionary<string, DateTimeOffset> tokens = new(StringComparer.Ordinal);
    private readonly WebApplication app;

    private MetadataServer(IPAddress address, CloudContext context, ICredentialStore credentials, Func<MetadataFacts?> facts)
    {
        this.context = context;
        this.credentials = credentials;
        this.facts = facts;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 1024;
            options.Listen(address, Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<MetadataServer> StartAsync(
        IPAddress address, CloudContext context, ICredentialStore credentials, Func<MetadataFacts?> facts, CancellationToken cancellationToken)
    {
        var server = new MetadataServer(address, context, credentials, facts);
        try
        {
            await server.app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(1), context.Time);
        await app.StopAsync(budget.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var (status, text) = Answer(http.Request, http.Response.Headers);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    private (int Status, string Text) Answer(HttpRequest request, IHeaderDictionary headers)
    {
        if (facts() is not { Instance.MetadataEnabled: true } known) return (StatusCodes.Status403Forbidden, "");
        var path = request.Path.Value ?? "/";
        if (path == "/latest/api/token") return request.Method == HttpMethods.Put ? NewToken(request, headers) : (StatusCodes.Status405MethodNotAllowed, "");
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return (StatusCodes.Status405MethodNotAllowed, "");
        if (!MayRead(request, known)) return (StatusCodes.Status401Unauthorized, "");
        var parts = path.TrimStart('/').Split('/', 2);
        if (parts[0].Length == 0) return (StatusCodes.Status200OK, "latest");
        if (parts[0] != "latest" && !DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return (StatusCodes.Status404NotFound, "");
        return new MetadataTree(context, credentials, known).Read(parts.Length > 1 ? parts[1] : "") is { } text
            ? (StatusCodes.Status200OK, text)
            : (StatusCodes.Status404NotFound, "");
    }

    private (int Status, string Text) NewToken(HttpRequest request, IHeaderDictionary headers)
    {
        // A request that a proxy passed on did not come from the instance itself.
        if (request.Headers.ContainsKey("X-Forwarded-For")) return (StatusCodes.Status403Forbidden, "");
        if (!int.TryParse(request.Headers["X-aws-ec2-metadata-token-ttl-seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < 1 or > LongestSessionSeconds)
        {
            return (StatusCodes.Status400BadRequest, "");
        }

        var now = context.Time.GetUtcNow();
        foreach (var (expired, _) in tokens.Where(token => token.Value <= now)) tokens.TryRemove(expired, out _);
        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(40)).Replace('+', '-').Replace('/', '_');
        tokens[text] = now + TimeSpan.FromSeconds(seconds);
        headers["X-aws-ec2-metadata-token-ttl-seconds"] = seconds.ToString(CultureInfo.InvariantCulture);
        return (StatusCodes.Status200OK, text);
    }

    private bool MayRead(HttpRequest request, MetadataFacts known) => request.Headers["X-aws-ec2-metadata-token"].ToString() is { Length: > 0 } token
        ? tokens.TryGetValue(token, out var expires) && expires > context.Time.GetUtcNow()
        : !known.Instance.MetadataTokensRequired;
}
