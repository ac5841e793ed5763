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

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>The two calls that a webhead makes: an object of S3, parameters of SSM.</summary>
internal sealed class FakeAws : IAsyncDisposable
{
    public const string Bucket = "c-000000000000-us-east-1";

    private readonly WebApplication app;

    private FakeAws(WebApplication app) => this.app = app;

    public ConcurrentDictionary<string, string> Objects { get; } = new();

    public ConcurrentDictionary<string, string> Parameters { get; } = new();

    /// <summary>The largest number of names that one call asked for.</summary>
    public int MostNames { get; private set; }

    public Uri Endpoint => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FakeAws> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var fake = new FakeAws(builder.Build());
        fake.app.Run(fake.AnswerAsync);
        await fake.app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue("X-Amz-Target", out var target) && target == "AmazonSSM.GetParameters")
        {
            await AnswerParametersAsync(http);
        }
        else if (Objects.TryGetValue(http.Request.Path.Value!.Replace($"/{Bucket}/", "", StringComparison.Ordinal), out var content))
        {
            await http.Response.WriteAsync(content);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsync("<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");
        }
    }

    private async Task AnswerParametersAsync(HttpContext http)
    {
        var request = await JsonNode.ParseAsync(http.Request.Body);
        var names = request!["Names"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();
        MostNames = Math.Max(MostNames, names.Count);
        http.Response.ContentType = "application/x-amz-json-1.1";
        await http.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            Parameters = names.Where(Parameters.ContainsKey).Select(name => new { Name = name, Value = Parameters[name], Type = "SecureString" }),
            InvalidParameters = names.Where(name => !Parameters.ContainsKey(name)),
        }));
    }
}
