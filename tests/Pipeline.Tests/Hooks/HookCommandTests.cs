using System.Diagnostics;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.TestSupport;

namespace SyncStorage.Pipeline.Tests.Hooks;

[Category(Categories.Processes)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HookCommandTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-hook-");

    [Test]
    public async Task RunAsync_Program_GetsTheReportAndItsArgumentsAsTheyAre()
    {
        var result = await RunAsync(["/bin/sh", "-c", "cat > \"$0\"; echo \"$1\" >> \"$0\"", "got", "$HOME; *"], "{ \"result\": \"running\" }\n");

        Assert.That(result.Failure, Is.Null);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "got")), Is.EqualTo("{ \"result\": \"running\" }\n$HOME; *\n"));
    }

    [Test]
    public async Task RunAsync_Fails_SaysHowWithItsLastLines()
    {
        var result = await RunAsync(["/bin/sh", "-c", "echo one; echo two >&2; exit 3"], "");

        Assert.That(result.Failure, Is.EqualTo("exited with 3"));
        Assert.That(result.Output!.Split('\n'), Is.EquivalentTo(["one", "two"]));
    }

    [Test]
    public async Task RunAsync_ReadsNothing_IsNoFailure()
    {
        var result = await RunAsync(["/bin/true"], new string('x', 1_000_000));

        Assert.That(result.Failure, Is.Null);
    }

    [Test]
    public async Task RunAsync_NoSuchProgram_IsAFailure()
    {
        var result = await RunAsync(["./no-such-hook"], "");

        Assert.That(result.Failure, Is.Not.Null);
        Assert.That($"{result.Failure} {result.Output}", Does.Contain("no-such-hook").Or.Contain("can't be started"));
    }

    [Test]
    public async Task RunAsync_TooLong_EndsItWithAllThatItStarted()
    {
        var result = await RunAsync(["/bin/sh", "-c", "sh -c 'trap \"\" TERM; echo $$ > child; while :; do sleep 1; done' & wait"], "", TimeSpan.FromSeconds(2));

        Assert.That(result.Failure, Does.Contain("took longer than 2 s"));
        AssertChildIsGone();
    }

    [Test]
    public async Task RunAsync_Interrupted_EndsItWithAllThatItStarted()
    {
        using var interruption = new CancellationTokenSource();
        var running = new HookCommand(Options, TimeProvider.System).RunAsync(["/bin/sh", "-c", "sh -c 'echo $$ > child; while :; do sleep 1; done' & wait"], "", Long, interruption.Token);
        await ChildAsync();

        await interruption.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        AssertChildIsGone();
    }

    [Test]
    public async Task RunAsync_LeavesSomethingRunning_DoesNotWaitForIt()
    {
        var clock = Stopwatch.StartNew();

        var result = await RunAsync(["/bin/sh", "-c", "sleep 20 & echo $! > child"], "");

        Assert.That(result.Failure, Is.Null);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
        using var left = Process.GetProcessById(await ChildAsync());
        left.Kill();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private RunOptions Options => new() { RepositoryRoot = folder.FullName };

    private Task<HookResult> RunAsync(IReadOnlyList<string> command, string input, TimeSpan? timeout = null) =>
        new HookCommand(Options, TimeProvider.System).RunAsync(command, input, timeout ?? Long, CancellationToken.None);

    private async Task<int> ChildAsync()
    {
        var file = Path.Combine(folder.FullName, "child");
        for (var looks = 0; looks < 600; looks++)
        {
            if (File.Exists(file) && int.TryParse(await File.ReadAllTextAsync(file), out var id)) return id;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new TimeoutException("The child did not say its id.");
    }

    // Killed, and waited for by nobody but init.
    private void AssertChildIsGone()
    {
        var id = File.ReadAllText(Path.Combine(folder.FullName, "child")).Trim();
        Assert.That(() => !File.Exists($"/proc/{id}/stat") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal), Is.True.After(10_000, 50));
    }
}
