using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Tests.Config;

public sealed class NodeExportTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("node-export-");
    private readonly MemoryParameters cloud = new();
    private readonly RecordingProgress progress = new();

    [TearDown]
    public void Delete() => folder.Delete(recursive: true);

    [Test]
    public async Task Run_First_WritesEveryVirtualHostnameWithItsSecrets()
    {
        await RunAsync(TestSettings.Local);

        var lines = await File.ReadAllLinesAsync(At("secrets.csv"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Is.EqualTo(new[]
            {
                $"http://sync0.localhost:8080,{cloud.Values["/sync2/secrets/sync0.localhost"]}", $"http://sync1.localhost:8080,{cloud.Values["/sync2/secrets/sync1.localhost"]}",
            }));
            Assert.That(lines.Select(line => NodeSecrets.ParseList(line.Split(',', 2)[1])), Is.All.Count.EqualTo(1));
            Assert.That(cloud.Values["/sync2/token-server/db0"], Is.EqualTo(string.Join('\n', lines) + "\n"));
            Assert.That(await File.ReadAllTextAsync(At("nodes.json")), Does.Contain("\"node\": \"http://sync1.localhost:8080\"").And.Contain("\"dbnode\": \"db0\""));
            Assert.That(progress.Lines, Has.None.Contains(cloud.Values["/sync2/secrets/sync0.localhost"].Split(':')[1]));
            if (!System.OperatingSystem.IsWindows())
                Assert.That(new[] { At("secrets.csv"), At("nodes.json") }.Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task Run_Again_WritesNoParameter()
    {
        await RunAsync(TestSettings.Local);
        cloud.Puts.Clear();
        await RunAsync(TestSettings.Local);

        Assert.That(cloud.Puts, Is.Empty);
    }

    [Test]
    public async Task Run_SecretAdded_RenewsTheParameterAndNothingElse()
    {
        await RunAsync(TestSettings.Local);
        cloud.Puts.Clear();
        cloud.Values["/sync2/secrets/sync0.localhost"] += ",1900000000:another";
        await RunAsync(TestSettings.Local);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Puts, Is.EqualTo(["/sync2/token-server/db0 overwrite"]));
            Assert.That(cloud.Values["/sync2/token-server/db0"], Does.Contain("1900000000:another\n"));
        }
    }

    [Test]
    public void Run_MoreThanAParameterHolds_IsRefusedBeforeAnythingIsWritten()
    {
        var node = TestSettings.Node with { Hosts = [.. Enumerable.Range(0, 80).Select(i => new VirtualHostSettings { Hostname = $"sync{i}.localhost", Database = $"syncstorage{i}" })] };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await RunAsync(TestSettings.Local with { Dbnodes = [node] }), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.InvalidSettings));
            Assert.That(cloud.Puts, Has.None.Contains("token-server"));
            Assert.That(File.Exists(At("secrets.csv")), Is.False);
        }
    }

    private string At(string name) => Path.Combine(folder.FullName, "artifacts", "token-server", name);

    private Task RunAsync(EnvironmentSettings settings)
    {
        var secrets = new SecretStore(cloud, settings, TestSettings.Names, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(55)), progress);
        var options = new RunOptions { RepositoryRoot = folder.FullName };
        return new NodeExport(settings, TestSettings.Names, options, secrets, cloud, progress).RunAsync(CancellationToken.None);
    }

    private sealed class MemoryParameters : NoClients
    {
        public MemoryParameters() => Ssm = (IAmazonSimpleSystemsManagement)FakeFleetCloud.Calls.To(typeof(IAmazonSimpleSystemsManagement), Answer);

        public Dictionary<string, string> Values { get; } = [];

        public List<string> Puts { get; } = [];

        public override IAmazonSimpleSystemsManagement Ssm { get; }

        private object Answer(object request)
        {
            switch (request)
            {
                case GetParametersRequest get:
                    return new GetParametersResponse { Parameters = [.. get.Names.Where(Values.ContainsKey).Select(name => new Parameter { Name = name, Value = Values[name] })] };
                case PutParameterRequest put:
                    // As AWS has it: tags only of what is new, and nothing is overwritten unless that is wanted.
                    var exists = Values.ContainsKey(put.Name);
                    if (exists != (put.Overwrite == true)) throw new ParameterAlreadyExistsException(put.Name);
                    if (exists && put.Tags is { Count: > 0 }) throw new InvalidOperationException("tags with overwrite");
                    Puts.Add(exists ? $"{put.Name} overwrite" : put.Name);
                    Values[put.Name] = put.Value;
                    return new PutParameterResponse();
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
        }
    }
}
