using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The container image, run beside a fleet that was deployed from the same bundle, on the same databases.</summary>
[Category(Categories.Containers)]
public sealed class ContainerTests
{
    private const string Hostname = "sync0.localhost";
    private const string Item = "/storage/bookmarks/fromcontainer";

    [Test]
    public async Task BuildWebhead_AsContainer_ServesAsAWebheadAndStopsWhenAsked()
    {
        await using var engine = await ContainerEngine.FindAsync();
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        var deployed = await cluster.RunAsync("Deploy", "--set", "webheads.count=1");
        Assert.That(deployed.ExitCode, Is.Zero, deployed.Output);

        var (image, release) = await BuildsTwiceAsync(engine, cluster);
        var port = Cluster.FreePort();
        var container = await engine.StartAsync(image, EnvironmentFor(cluster, port));
        try
        {
            await UntilServingAsync(port, release);
            await ServesSignedRequestsAsync(cluster, port);
            await JudgesItselfAsync(engine, container);
            await StopsAsync(engine, container);
        }
        catch (Exception)
        {
            await TestContext.Out.WriteLineAsync(await engine.LogsAsync(container));
            throw;
        }
    }

    private static async Task<(string Image, string Release)> BuildsTwiceAsync(ContainerEngine engine, Cluster cluster)
    {
        var artifacts = Path.Combine(cluster.Checkout, "artifacts", "webhead");
        var baseImage = await engine.MakeBaseAsync(Path.Combine(artifacts, "bundle.tar.gz"));
        string[] options = ["--artifact=container", "--set", $"container.baseImage={baseImage}", "--set", "container.repository=localhost/syncstorage-test"];

        var first = await cluster.RunAsync("Build-Webhead", options);
        Assert.That(first.ExitCode, Is.Zero, first.Output);
        var built = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(artifacts, "image.json")))!;
        var (image, release) = ((string)built["reference"]!, (string)built["release"]!);
        engine.Forget(image);
        var second = await cluster.RunAsync("Build-Webhead", options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.ExitCode, Is.Zero, second.Output);
            Assert.That(second.Output, Does.Contain("container image is up to date"));
            Assert.That(image, Is.EqualTo($"localhost/syncstorage-test:{release}"));
            Assert.That(new FileInfo(Path.Combine(artifacts, "image.tar")).Length, Is.GreaterThan(50_000_000));
        }

        return (image, release);
    }

    private static Dictionary<string, string> EnvironmentFor(Cluster cluster, int port)
    {
        var (endpoint, region, credentials) = cluster.Connection();
        var keys = credentials.GetCredentials();
        return new()
        {
            ["SYNCSTORAGE_CLUSTER"] = "sync2",
            ["SYNCSTORAGE_BUCKET"] = Cluster.Bucket,
            ["SYNCSTORAGE_ADDRESS"] = IPAddress.Loopback.ToString(),
            ["SYNCSTORAGE_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["AWS_REGION"] = region,
            ["AWS_ENDPOINT_URL"] = endpoint,
            ["AWS_ACCESS_KEY_ID"] = keys.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = keys.SecretKey,
        };
    }

    private static async Task UntilServingAsync(int port, string release)
    {
        using var http = new HttpClient();
        for (var looks = 0; ; looks++)
        {
            try
            {
                var heartbeat = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/__heartbeat__")))!;
                if ((string?)heartbeat["status"] == "ok")
                {
                    Assert.That((string?)heartbeat["release"], Is.EqualTo(release));
                    return;
                }
            }
            catch (HttpRequestException) when (looks < 600)
            {
                // It is still starting, or waits for its configuration.
            }

            Assert.That(looks, Is.LessThan(600), "the container does not serve within a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task ServesSignedRequestsAsync(Cluster cluster, int port)
    {
        using var ssm = new AmazonSimpleSystemsManagementClient(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));
        var secrets = await ssm.GetParameterAsync(new GetParameterRequest { Name = $"/sync2/secrets/{Hostname}", WithDecryption = true });
        var options = new SyncStorageClientOptions
        {
            Origin = new Uri($"http://{Hostname}:{cluster.LoadBalancerPort}"),
            Secret = NodeSecrets.ParseList(secrets.Parameter.Value)[0],
            Uid = 4711,
        };
        using var fleet = new SyncStorageClient(options, TimeProvider.System);
        using var container = new SyncStorageClient(options with { ConnectTo = new Uri($"http://127.0.0.1:{port}") }, TimeProvider.System);

        var written = await container.PutAsync(Item, """{"payload": "by the container"}""", CancellationToken.None);
        var read = await fleet.GetAsync(Item, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((string?)JsonNode.Parse(read.Body)!["payload"], Is.EqualTo("by the container"), "the fleet has the same databases");
        }
    }

    private static async Task JudgesItselfAsync(ContainerEngine engine, string container)
    {
        var state = await engine.InspectAsync(container);
        var check = state["Config"]!["Healthcheck"]!["Test"]!.AsArray().Select(word => (string)word!).ToArray();
        var healthy = await engine.ExecAsync(container, check[1..]);
        var smoke = await engine.ExecAsync(container, "/opt/syncstorage/webhead/webhead", "admin", "smoke");
        var status = await File.ReadAllLinesAsync($"/proc/{(int)state["State"]!["Pid"]!}/status");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(check, Is.EqualTo(["CMD", "/opt/syncstorage/webhead/webhead", "admin", "check", "--serving"]));
            Assert.That(healthy.ExitCode, Is.Zero, healthy.Output);
            Assert.That(smoke.ExitCode, Is.Zero, smoke.Output);
            Assert.That((bool)JsonNode.Parse(smoke.Output)!["ok"]!, smoke.Output);
            Assert.That(status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..], Is.All.EqualTo("10001"), "an ordinary user");
        }
    }

    private static async Task StopsAsync(ContainerEngine engine, string container)
    {
        await engine.StopAsync(container);

        var state = (await engine.InspectAsync(container))["State"]!;
        Assert.That(((bool)state["Running"]!, (int)state["ExitCode"]!), Is.EqualTo((false, 0)), await engine.LogsAsync(container));
    }
}
