using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Observability;

/// <summary>What a collector receives of a webhead that was told where it is.</summary>
[TestFixture]
internal sealed class TelemetryTests : ClusterTests
{
    [Test]
    public async Task Otlp_EndpointConfigured_ReceivesMetricsAndTracesWithoutUsersData()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await StartCollectorAsync(received);
        var endpoint = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var webhead = new WebheadProcess(Cluster.Aws, variables: new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        await webhead.UntilAsync("ok");
        using var user = new SyncStorageClient(new SyncStorageClientOptions
        {
            Origin = new Uri("http://sync0.localhost:8080"),
            ConnectTo = webhead.Uri,
            Secret = new TokenSecret("newer0"),
            Uid = 4713,
        }, TimeProvider.System);
        await user.PutAsync("/storage/hidden/concealed", """{"payload":"private"}""", CancellationToken.None);

        const string route = "/1.5/{uid}/storage/{collection}/{id}";
        await Loopback.UntilAsync(() => Task.FromResult(
            received.GetValueOrDefault("/v1/traces", "").Contains("PUT " + route, StringComparison.Ordinal)
            && received.GetValueOrDefault("/v1/metrics", "").Contains(route, StringComparison.Ordinal)), "the collector has both");

        Assert.That(string.Concat(received.Values), Does.Contain("syncstorage-webhead").And.Not.Contain("private").And.Not.Contain("concealed"));
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async http =>
        {
            // Protobuf keeps texts as they are.
            using var body = new StreamReader(http.Request.Body, Encoding.Latin1);
            var text = await body.ReadToEndAsync();
            received.AddOrUpdate(http.Request.Path.Value!, text, (_, before) => before + text);
        });
        await app.StartAsync();
        return app;
    }
}
