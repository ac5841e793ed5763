using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.TokenServer.Accounts;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>An accounts server over HTTP: <c>/v1/jwks</c> and <c>/v1/verify</c>, with real keys; it can hang, and fail.</summary>
internal sealed class AccountsEndpoint : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, object> opaque = new();
    private int verifications;

    private AccountsEndpoint(WebApplication app) => this.app = app;

    /// <summary>What signs, and is told by <c>/v1/jwks</c>.</summary>
    public SigningKey Key { get; } = new("accounts-1");

    /// <summary>What would sign next, and is not told yet.</summary>
    public SigningKey NextKey { get; } = new("accounts-2");

    public int Verifications => verifications;

    /// <summary>Whether it answers nothing until the caller gives up.</summary>
    public bool Hangs { get; set; }

    /// <summary>The status that it answers instead of anything else; null if it is well.</summary>
    public int? Fails { get; set; }

    public Uri Url => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<AccountsEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var endpoint = new AccountsEndpoint(builder.Build());
        endpoint.app.Run(endpoint.AnswerAsync);
        await endpoint.app.StartAsync();
        return endpoint;
    }

    /// <summary>An access token as an application gets it.</summary>
    public string Token(string user, long? generation = null, SigningKey? key = null) =>
        (key ?? Key).Sign(SigningKey.Claims(user, TimeProvider.System, generation));

    /// <summary>An access token that is no JSON Web Token: only this server knows what it is.</summary>
    public string OpaqueToken(string user, long? generation = null, string scope = OAuthVerifier.Scope)
    {
        var token = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        opaque[token] = new { user, client_id = "c", scope = new[] { "profile", scope }, generation };
        return token;
    }

    public void Knows(string token, string user) => opaque[token] = new { user, scope = new[] { OAuthVerifier.Scope } };

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Key.Dispose();
        NextKey.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        if (Fails is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        http.Response.ContentType = "application/json";
        switch ($"{http.Request.Method} {http.Request.Path}")
        {
            case "GET /v1/jwks":
                await http.Response.WriteAsync(JsonSerializer.Serialize(new { keys = new[] { Key.Public } }));
                break;
            case "POST /v1/verify":
                Interlocked.Increment(ref verifications);
                var token = (await JsonNode.ParseAsync(http.Request.Body))!["token"]!.GetValue<string>();
                if (!opaque.TryGetValue(token, out var answer)) http.Response.StatusCode = StatusCodes.Status400BadRequest;
                await http.Response.WriteAsync(JsonSerializer.Serialize(answer ?? new { code = 400, errno = 108 }));
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
