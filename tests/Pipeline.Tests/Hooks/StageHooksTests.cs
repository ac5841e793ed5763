using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.TestSupport;

namespace SyncStorage.Pipeline.Tests.Hooks;

[Category(Categories.Processes)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StageHooksTests : IDisposable
{
    private const string Variable = "SYNCSTORAGE_TEST_HOOK_URL";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-hooks-");
    private readonly RecordingProgress progress = new();
    private readonly Webhook webhook = new(TimeProvider.System);

    [Test]
    public async Task BeforeAsync_SecondOfThreeFails_StopsThereWithItsOutput()
    {
        var hooks = Hooks(Hook("before", "touch first"), Hook("before", "echo not today; exit 7"), Hook("before", "touch third"));

        var failure = await Assert.ThrowsAsync<PipelineException>(() => hooks.BeforeAsync("Bake-AMI", CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Code, Is.EqualTo(ErrorCode.HookFailed));
            Assert.That(failure.Message, Does.Contain("before Bake-AMI").And.Contain("/bin/sh exited with 7"));
            Assert.That(failure.LastSeen, Is.EqualTo("not today"));
            Assert.That(Made("first"));
            Assert.That(Made("third"), Is.False);
        }
    }

    [Test]
    public async Task AfterAsync_FirstFails_IsANoticeAndTheSecondIsRun()
    {
        var hooks = Hooks(Hook("after", "exit 1"), Hook("after", "touch second"));

        await hooks.AfterAsync("Bake-AMI", failure: null, over: false, CancellationToken.None);

        Assert.That(progress.Lines, Has.One.StartsWith("! the hook after Bake-AMI failed"));
        Assert.That(Made("second"));
    }

    [Test]
    public async Task AfterAsync_StageFailed_TheReportSaysSo()
    {
        var hooks = Hooks(Hook("after", "cat > report"));

        await hooks.AfterAsync("Bake-AMI", new PipelineException(ErrorCode.BakeFailed, "No luck."), over: false, CancellationToken.None);

        var report = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "report"));
        Assert.That(report, Does.Contain("\"result\": \"failed\"").And.Contain("No luck.").And.Contain("\"when\": \"after\""));
    }

    [TestCase(false, "running")]
    [TestCase(true, "succeeded")]
    public async Task AfterAsync_RunGoesOnOrIsOver_TheResultSaysWhich(bool over, string expected)
    {
        var hooks = Hooks(Hook("after", "cat > report"));

        await hooks.AfterAsync("Bake-AMI", failure: null, over, CancellationToken.None);

        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "report")), Does.Contain($"\"result\": \"{expected}\""));
    }

    [Test]
    public async Task AfterAsync_Interrupted_RunsNothingAndSaysSo()
    {
        using var interruption = new CancellationTokenSource();
        await interruption.CancelAsync();

        await Hooks(Hook("after", "touch done")).AfterAsync("Bake-AMI", failure: null, over: false, interruption.Token);

        Assert.That(Made("done"), Is.False);
        Assert.That(progress.Lines, Has.One.Contains("interrupted"));
    }

    [Test]
    public async Task BeforeAsync_OtherStage_RunsNothing()
    {
        await Hooks(Hook("before", "exit 1")).BeforeAsync("Ensure-DB", CancellationToken.None);

        Assert.That(progress.Lines, Is.Empty);
    }

    [TestCase(null, "Bake-AMI", false)]
    [TestCase("", "Bake-AMI", false)]
    [TestCase("not a url", "Bake-AMI", false)]
    [TestCase("http://127.0.0.1:1/secret", "Bake-AMI", true)]
    [TestCase(null, "Ensure-DB", true)]
    public void RequireReady_UrlInTheEnvironment_MustBeThereForStagesThatRun(string? value, string stage, bool ready)
    {
        var hooks = Hooks(new HookSettings { Stage = "Bake-AMI", When = "before", UrlEnvironment = Variable });
        Environment.SetEnvironmentVariable(Variable, value);

        Assert.That(() => hooks.RequireReady([stage]), ready ? Throws.Nothing : Throws.TypeOf<PipelineException>().With.Message.Contains(Variable));
    }

    [TestCase("./ops/missing.sh", "Bake-AMI", "there is no file /")]
    [TestCase("/missing/hook.sh", "Bake-AMI", "there is no file /missing/hook.sh")]
    [TestCase("./ops", "Bake-AMI", "there is no file")]
    [TestCase("./ops/plain.sh", "Bake-AMI", "plain.sh is not executable")]
    [TestCase("syncstorage-no-such-program", "Bake-AMI", "syncstorage-no-such-program is in no folder of PATH")]
    [TestCase("./ops/may.sh", "Bake-AMI", null)]
    [TestCase("ops/may.sh", "Bake-AMI", null)]
    [TestCase("/bin/sh", "Bake-AMI", null)]
    [TestCase("sh", "Bake-AMI", null)]
    [TestCase("./ops/missing.sh", "Ensure-DB", null)]
    public void RequireReady_Command_MustBeThereForStagesThatRun(string program, string stage, string? obstacle)
    {
        var ops = folder.CreateSubdirectory("ops").FullName;
        File.WriteAllText(Path.Combine(ops, "plain.sh"), "");
        File.WriteAllText(Path.Combine(ops, "may.sh"), "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(ops, "may.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var hooks = Hooks(new HookSettings { Stage = "Bake-AMI", When = "before", Command = [program, "production"] });

        Assert.That(() => hooks.RequireReady([stage]), obstacle is null
            ? Throws.Nothing
            : Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.InvalidSettings).And.Message.Contains("The hook before Bake-AMI can't be run: ").And.Message.Contains(obstacle).And.Property("Hint").Contains("chmod +x"));
    }

    [Test]
    public void RequireReady_SeveralAreNotReady_NamesAll()
    {
        var hooks = Hooks(
            new HookSettings { Stage = "Bake-AMI", When = "before", Command = ["./one.sh"] }, new HookSettings { Stage = "Deploy", When = "after", Command = ["./two.sh"] },
            new HookSettings { Stage = "Deploy", When = "after", UrlEnvironment = Variable });

        Assert.That(() => hooks.RequireReady(["Bake-AMI", "Deploy"]), Throws.TypeOf<PipelineException>().With.Message.Contains("one.sh").And.Message.Contains("two.sh").And.Message.Contains(Variable));
    }

    [Test]
    public async Task BeforeAsync_WebhookFails_ShowsItsHostAlone()
    {
        var hooks = Hooks(new HookSettings { Stage = "Bake-AMI", When = "before", Url = new Uri("http://127.0.0.1:1/secret?token=secret") });

        var failure = await Assert.ThrowsAsync<PipelineException>(() => hooks.BeforeAsync("Bake-AMI", CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("the webhook at 127.0.0.1 could not be reached").And.Not.Contain("secret"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        webhook.Dispose();
        folder.Delete(recursive: true);
    }

    private static HookSettings Hook(string when, string script) => new() { Stage = "Bake-AMI", When = when, Command = ["/bin/sh", "-c", script] };

    private bool Made(string name) => File.Exists(Path.Combine(folder.FullName, name));

    private StageHooks Hooks(params HookSettings[] hooks) => new(
        TestSettings.Local with { Hooks = hooks }, new HookCommand(new RunOptions { RepositoryRoot = folder.FullName }, TimeProvider.System), webhook,
        new RunReport(new CallRecorder(), TimeProvider.System), new Lazy<RolloutCompletion>(() => throw new InvalidOperationException("No rollout is undone.")), TimeProvider.System, progress);
}
