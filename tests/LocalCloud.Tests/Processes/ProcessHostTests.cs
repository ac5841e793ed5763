using SyncStorage.LocalCloud.Processes;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Processes;

[Category(Categories.Processes)]
[CancelAfter(30_000)]
internal sealed class ProcessHostTests
{
    private readonly ProcessHost host = new(TimeProvider.System);
    private readonly List<ProcessHandle> started = [];
    private string directory = "";

    private string Log => Path.Combine(directory, "log");

    [SetUp]
    public void MakeDirectory() => directory = Directory.CreateTempSubdirectory("processhost").FullName;

    [TearDown]
    public async Task CleanUp()
    {
        foreach (var handle in started) await host.StopAsync(handle, TimeSpan.Zero, CancellationToken.None);
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task StartAsync_Script_HasOnlyItsEnvironmentAndWritesToItsLog(CancellationToken cancellationToken)
    {
        var handle = await Shell("""echo "$GREETING ${HOME:-no home}"; pwd; echo late >&2; exit 7""", cancellationToken);

        var code = await host.WaitForExitAsync(handle, cancellationToken);

        Assert.That(code, Is.EqualTo(7));
        Assert.That(await File.ReadAllLinesAsync(Log, cancellationToken), Is.EqualTo(new[] { "hello no home", directory, "late" }));
    }

    [Test]
    public async Task StartAsync_Process_LeadsItsOwnSession(CancellationToken cancellationToken)
    {
        var handle = await Shell("exec sleep 60", cancellationToken);

        var stat = ProcStat.Read(handle.Pid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stat?.Session, Is.EqualTo(handle.Pid));
            Assert.That(stat?.Group, Is.EqualTo(handle.Pid));
            Assert.That(host.IsAlive(handle), Is.True);
            Assert.That(host.IsAlive(handle with { StartTicks = handle.StartTicks + 1 }), Is.False, "a later process with the same pid");
        }
    }

    [Test]
    public async Task StopAsync_Group_EndsChildrenToo(CancellationToken cancellationToken)
    {
        var handle = await Shell("sleep 60 & echo $! > child; wait", cancellationToken);
        var child = await ReadChildAsync(cancellationToken);

        await host.StopAsync(handle, TimeSpan.FromSeconds(5), cancellationToken);

        Assert.That(host.IsAlive(handle), Is.False);
        Assert.That(ProcStat.Read(child) is { IsDead: false }, Is.False);
    }

    [Test]
    public async Task StopAsync_IgnoresTerm_IsKilledAfterTheGrace(CancellationToken cancellationToken)
    {
        var handle = await Shell("trap '' TERM; echo $$ > child; while :; do sleep 0.05; done", cancellationToken);
        await ReadChildAsync(cancellationToken);

        await host.StopAsync(handle, TimeSpan.FromMilliseconds(200), cancellationToken);

        Assert.That(host.IsAlive(handle), Is.False);
    }

    [Test]
    public async Task StopAsync_Gone_IsNoError(CancellationToken cancellationToken)
    {
        var handle = await Shell("exit 0", cancellationToken);
        await host.WaitForExitAsync(handle, cancellationToken);

        Assert.That(async () => await host.StopAsync(handle, TimeSpan.FromSeconds(1), cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task WaitForExitAsync_NotOurChild_IsPolledAndHasNoCode(CancellationToken cancellationToken)
    {
        var handle = await Shell("exec sleep 60", cancellationToken);
        var next = new ProcessHost(TimeProvider.System);

        var exit = next.WaitForExitAsync(handle, cancellationToken);
        await next.StopAsync(handle, TimeSpan.FromSeconds(5), cancellationToken);

        Assert.That(await exit, Is.Null);
    }

    [TestCase("/nonexistent/program", "no such file")]
    [TestCase("/etc/passwd", "not executable")]
    public void StartAsync_NotStartable_SaysWhy(string executable, string reason)
    {
        var spec = new ProcessSpec(executable, [], new Dictionary<string, string>(), directory, Log);

        Assert.That(
            async () => await host.StartAsync(spec, CancellationToken.None),
            Throws.InvalidOperationException.With.Message.Contains(reason).And.Message.Contains(executable));
    }

    [Test]
    public void StartAsync_LogNotWritable_SaysWhy()
    {
        var spec = new ProcessSpec("/bin/sh", ["-c", "exit 0"], new Dictionary<string, string>(), directory, "/nonexistent/log");

        Assert.That(async () => await host.StartAsync(spec, CancellationToken.None), Throws.InvalidOperationException.With.Message.Contains("/nonexistent/log"));
    }

    [Test]
    public void Parse_NameWithParentheses_FindsTheFieldsAfterIt()
    {
        var stat = ProcStat.Parse("42 (a) S (b) Z 1 42 41 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 77");

        Assert.That(stat, Is.EqualTo(new ProcStat('Z', 42, 41, 12345, 11)));
    }

    private async Task<ProcessHandle> Shell(string script, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["GREETING"] = "hello", ["PATH"] = "/usr/bin:/bin" };
        var handle = await host.StartAsync(new ProcessSpec("/bin/sh", ["-c", script], environment, directory, Log), cancellationToken);
        started.Add(handle);
        return handle;
    }

    private async Task<int> ReadChildAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "child");
        int child;
        while (!File.Exists(path) || !int.TryParse(await File.ReadAllTextAsync(path, cancellationToken), out child))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        return child;
    }
}
