using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Tests.Frosting;

/// <summary>What the build relies on of Cake Frosting: true of the stand-in and of the official package.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CakeHostTests : IDisposable
{
    private readonly Output output = new();
    private readonly Journal journal = new();
    private readonly Outcome outcome = new(CancellationToken.None);

    [Test]
    public void Run_Target_RunsItsDependenciesFirst()
    {
        var code = Run("--target=Sample-Second");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.EqualTo(["first", "second"]));
    }

    [Test]
    public void Run_TaskThatIsDependeeOfTarget_RunsBeforeIt()
    {
        Run("--target=Sample-Third");

        Assert.That(journal.Entries, Is.EqualTo(["first", "between", "third"]));
    }

    [Test]
    public void Run_SeveralTargets_RunsSharedDependencyOnce()
    {
        Run("--target=Sample-Third", "-t", "Sample-Second");

        Assert.That(journal.Entries, Is.EquivalentTo(["first", "between", "third", "second"]));
        Assert.That(journal.Entries[0], Is.EqualTo("first"));
    }

    [Test]
    public void Run_Exclusive_RunsTheTargetAlone()
    {
        Run("--target=Sample-Second", "--exclusive");

        Assert.That(journal.Entries, Is.EqualTo(["second"]));
    }

    [Test]
    public void Run_OtherCase_FindsTheTarget()
    {
        Run("--target=sample-FIRST");

        Assert.That(journal.Entries, Is.EqualTo(["first"]));
    }

    [Test]
    public void Run_TaskWithoutName_IsNamedAsItsType()
    {
        Run("--target=Unnamed");

        Assert.That(journal.Entries, Is.EqualTo(["unnamed"]));
    }

    [Test]
    public void Run_DependencysShouldRunSaysNo_SkipsItAndGoesOn()
    {
        var code = Run("--target=Sample-After-Unwanted");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.EqualTo(["after unwanted"]));
    }

    [Test]
    public void Run_TargetsShouldRunSaysNo_FailsSinceTheTargetWasNotReached()
    {
        var code = Run("--target=Sample-Unwanted");

        Assert.That(code, Is.Not.Zero);
        Assert.That(outcome.EngineErrors, Has.Some.Contains("skipped due to a criteria"));
    }

    [Test]
    public void Run_TaskFails_RunsFinallyStopsAndFails()
    {
        var code = Run("--target=Sample-After-Failing");

        Assert.That(code, Is.Not.Zero);
        Assert.That(journal.Entries, Is.EqualTo(["finally"]));
    }

    [Test]
    public void Run_OnErrorDoesNotRethrow_Succeeds()
    {
        var code = Run("--target=Sample-Handled");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.EqualTo(["on error handled"]));
    }

    [Test]
    public void Run_ContinueOnError_GoesOnWithTheNext()
    {
        var code = Run("--target=Sample-After-Continued");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.EqualTo(["after continued"]));
    }

    [Test]
    public void Run_InternalTask_IsNotFound()
    {
        var code = Run("--target=Sample-Internal");

        Assert.That(code, Is.Not.Zero);
    }

    [Test]
    public void Run_Lifetimes_SurroundRunAndTasks()
    {
        Run(host => host.UseLifetime<SampleLifetime>().UseTaskLifetime<SampleTaskLifetime>(), "--target=Sample-Second");

        Assert.That(journal.Entries, Is.EqualTo([
            "setup Sample-Second",
            "before Sample-First", "first", "after Sample-First",
            "before Sample-Second", "second", "after Sample-Second",
            "teardown",
        ]));
    }

    [Test]
    public void Run_TaskFails_TeardownSeesTheOriginalException()
    {
        Run(host => host.UseLifetime<SampleLifetime>(), "--target=Sample-Failing");

        Assert.That(journal.Entries, Is.EqualTo(["setup Sample-Failing", "finally", "teardown broken"]));
    }

    [Test]
    public void Run_DryRun_NamesTasksInOrderAndRunsNone()
    {
        var code = Run("--target=Sample-Second", "--dryrun");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.Empty);
        Assert.That(output.Text, Does.Match(@"(?s)1\. Sample-First.*2\. Sample-Second"));
    }

    [Test]
    public void Run_Tree_ShowsDependenciesAndRunsNothing()
    {
        var code = Run(host => host.UseLifetime<SampleLifetime>(), "--tree");

        Assert.That(code, Is.Zero);
        Assert.That(journal.Entries, Is.Empty);
        Assert.That(output.Text, Does.Match(@"(?s)Sample-Second\s*\S+Sample-First"));
    }

    [Test]
    public void Run_Description_ShowsDescriptions()
    {
        Run("--description");

        Assert.That(output.Text, Does.Match("Sample-First +Runs first\\."));
    }

    [Test]
    public void Run_Version_ShowsTheBuildsOwn()
    {
        var code = Run("--version");

        Assert.That(code, Is.Zero);
        Assert.That(output.Lines, Is.EqualTo(["0.1.0"]));
    }

    [TestCase("quiet", false)]
    [TestCase("normal", true)]
    public void Run_Verbosity_DecidesWhatTheEngineLogs(string verbosity, bool logs)
    {
        Run("--target=Sample-Second", "--dryrun", $"--verbosity={verbosity}");

        Assert.That(output.Text.Contains("Sample-First", StringComparison.Ordinal), Is.EqualTo(logs));
    }

    public void Dispose() => output.Dispose();

    private int Run(params string[] args) => Run(host => host, args);

    private int Run(Func<CakeHost, CakeHost> configure, params string[] args) =>
        configure(CakeHost.Create().AddAssembly(typeof(CakeHostTests).Assembly).UseContext<SampleContext>())
            .ConfigureServices(services => services
                .AddSingleton(journal)
                .AddSingleton(output.Console)
                .AddSingleton(outcome)
                .AddSingleton<IConsole, EngineConsole>()
                .AddSingleton<ICakeLog, ConsoleLog>()
                .AddSingleton<ICakeReportPrinter, SilentReport>()
                .AddSingleton<Cake.Cli.IVersionResolver, ProductVersion>())
            .Run(args);

    private sealed class SilentReport : ICakeReportPrinter
    {
        public void Write(CakeReport report)
        {
        }

        public void WriteStep(string name, Verbosity verbosity)
        {
        }

        public void WriteLifeCycleStep(string name, Verbosity verbosity)
        {
        }

        public void WriteSkippedStep(string name, Verbosity verbosity)
        {
        }
    }
}
