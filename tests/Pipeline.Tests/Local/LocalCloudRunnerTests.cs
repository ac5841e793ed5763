using System.Net;
using System.Net.Sockets;
using Amazon.SecurityToken.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Settings;
using SyncStorage.TestSupport;

namespace SyncStorage.Pipeline.Tests.Local;

[Category(Categories.Emulator)]
public sealed class LocalCloudRunnerTests
{
    private readonly string root = Directory.CreateTempSubdirectory("localcloud-runner-").FullName;
    private readonly RecordingProgress progress = new();
    private readonly List<LocalCloudRunner> runners = [];
    private readonly LocalCloudSettings settings = new() { Port = 0, StateDirectory = "state", TimeScale = 0 };

    private static string Built => Path.Combine(
        TestFolders.Repository, "src", "LocalCloud", "bin", new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name, "net10.0");

    [TearDown]
    public async Task StopAndRemove()
    {
        try
        {
            await Runner(root).StopAsync(settings, keepProcesses: false, CancellationToken.None);
        }
        finally
        {
            runners.ForEach(runner => runner.Dispose());
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public async Task EnsureRunning_Twice_StartsOneAndFindsIt()
    {
        var started = await Runner(root).EnsureRunningAsync(settings, CancellationToken.None);

        var found = await Runner(root).EnsureRunningAsync(settings, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.EqualTo(started));
            Assert.That(started.Endpoint.IsLoopback, Is.True);
            Assert.That(progress.Lines.Count(line => line.StartsWith("+ started", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(File.Exists(Path.Combine(root, "state", "bin", started.Version, "LocalCloud.dll")), Is.True, "it runs from a copy");
            Assert.That(Directory.EnumerateFiles(Path.Combine(root, "state"), "*.pid*"), Is.Empty);
        }
    }

    [Test]
    public async Task EnsureRunning_SeveralAtOnce_StartsOneThatAllFind()
    {
        var contenders = Enumerable.Range(0, 4).Select(_ => Runner(root)).ToList();

        var found = await Task.WhenAll(contenders.Select(runner => Task.Run(() => runner.EnsureRunningAsync(settings, CancellationToken.None))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Distinct().Count(), Is.EqualTo(1));
            Assert.That(progress.Lines.Count(line => line.StartsWith("+ started", StringComparison.Ordinal)), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task EnsureRunning_ThenClients_AreWhoTheyShouldBe()
    {
        var runner = Runner(root);
        var environment = new CurrentEnvironment(() => new LoadedEnvironment("local", "/local.json", new EnvironmentSettings { Cluster = "sync2", Dbnodes = [], LocalCloud = settings }));
        using var connection = new AwsConnection(environment, runner);
        using var clients = new Clients(connection, new CallRecorder());

        var target = await new AccountGuard(connection, clients, progress).CheckAsync(CancellationToken.None);

        var identity = await clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), CancellationToken.None);
        Assert.That((target.IsLocal, identity.Account), Is.EqualTo((true, target.AccountId)));
    }

    [Test]
    public async Task EnsureRunning_AfterARebuild_ReplacesTheRunning()
    {
        var before = await Runner(root).EnsureRunningAsync(settings, CancellationToken.None);
        var rebuilt = Path.Combine(root, "rebuilt");
        Copy(Built, rebuilt);
        File.WriteAllText(Path.Combine(rebuilt, "changed.json"), "{}");

        var after = await Runner(root, rebuilt).EnsureRunningAsync(settings, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Version, Is.Not.EqualTo(before.Version));
            Assert.That(after.Pid, Is.Not.EqualTo(before.Pid));
            Assert.That(after.CredentialsFile, Is.EqualTo(before.CredentialsFile));
            Assert.That(LiveProcesses.Has(before.Pid), Is.False, "the old one has ended");
        }
    }

    [Test]
    public async Task EnsureRunning_PortOfAnotherProgram_SaysWhatToDo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<PipelineException>(() => Runner(root).EnsureRunningAsync(settings with { Port = port }, CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.LocalCloudFailed));
            Assert.That(error.LastSeen, Does.Contain($"{port}"));
            Assert.That(error.Hint, Does.Contain($"--set localCloud.port={port + 1}"));
        }
    }

    [Test]
    public async Task EnsureRunning_PortOfAnotherStateDirectory_NamesIt()
    {
        var other = await Runner(root).EnsureRunningAsync(settings, CancellationToken.None);

        var error = await Assert.ThrowsAsync<PipelineException>(() => Runner(root)
            .EnsureRunningAsync(settings with { Port = other.Endpoint.Port, StateDirectory = "second" }, CancellationToken.None));

        Assert.That(error!.Message, Does.Contain($"the LocalCloud of {Path.Combine(root, "state")}"));
    }

    [Test]
    public async Task Stop_Running_EndsItAndSaysSo()
    {
        var runner = Runner(root);
        await runner.EnsureRunningAsync(settings, CancellationToken.None);

        var stopped = await runner.StopAsync(settings, keepProcesses: false, CancellationToken.None);

        Assert.That(stopped, Is.True);
        Assert.That(await runner.FindAsync(settings, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task RunForeground_Cancelled_EndsWithTheProgram()
    {
        using var cancellation = new CancellationTokenSource();
        var runner = Runner(root);
        var running = runner.RunForegroundAsync(settings, cancellation.Token);
        var found = await new Waiter(TimeProvider.System, progress).UntilAsync(
            "LocalCloud", new Pace(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)),
            async token => await runner.FindAsync(settings, token) is { } one ? Poll.Done(one) : Poll.NotYet<LocalCloudEndpoint>("starting"), CancellationToken.None);

        await cancellation.CancelAsync();
        await running;

        Assert.That(LiveProcesses.Has(found.Pid), Is.False);
    }

    private LocalCloudRunner Runner(string repository, string? folder = null)
    {
        var machine = new WithPrerequisites();
        var processes = new ProcessRunner();
        var runner = new LocalCloudRunner(
            new LocalCloudProgram(folder ?? Built), new RunOptions { RepositoryRoot = repository }, new Prerequisites(machine, processes, progress),
            new DetachedLauncher(new Machine()), processes, new Waiter(TimeProvider.System, progress), progress);
        runners.Add(runner);
        return runner;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    // These tests start no data plane.
    private sealed class WithPrerequisites : IMachine
    {
        public bool IsRoot => false;

        public string? Find(string program) => $"/usr/sbin/{program}";
    }
}
