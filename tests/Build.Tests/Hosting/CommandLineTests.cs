using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tests.Hosting;

public sealed class CommandLineTests
{
    private static readonly string[] Targets = ["Default", "Deploy", "Destroy", "Bake-AMI", "Rolling-Deploy"];

    [TestCase("90s", 90)]
    [TestCase("10m", 600)]
    [TestCase("1.5h", 5400)]
    [TestCase("0", 0)]
    [TestCase("1d", 86400)]
    public void Parse_LockWait_IsADuration(string text, double seconds)
    {
        var line = CommandLine.Parse(["--target=Deploy", $"--lock-wait={text}"], TargetCatalog.Names);

        Assert.That(line.RunOptions(Repository.Find()).LockWait, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase("soon")]
    [TestCase("10y")]
    [TestCase("-5")]
    public void Parse_LockWaitIsNoDuration_IsRefused(string text)
    {
        Assert.That(
            () => CommandLine.Parse([$"--lock-wait={text}"], TargetCatalog.Names),
            Throws.TypeOf<PipelineException>().With.Message.Contains("wants a duration"));
    }

    [TestCase("--target=Rotate-Master-Secret", "--confirm=me")]
    [TestCase("--target=Deploy", "--confirm=token-server")]
    [TestCase("--target=Deploy", "--wait")]
    public void Parse_ConfirmOrWaitOfNoUse_IsRefused(params string[] arguments)
    {
        Assert.That(
            () => CommandLine.Parse(arguments, TargetCatalog.Names),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.BadArgument));
    }

    [Test]
    public void Parse_ConfirmAndWait_OfARotation_AreTaken()
    {
        var options = CommandLine.Parse(["--target=rotate-credentials", "--confirm=token-server", "--wait"], TargetCatalog.Names).RunOptions(Repository.Find());

        Assert.That((options.Confirm, options.Wait), Is.EqualTo(("token-server", true)));
    }

    [TestCase("--service", "webhead")]
    [TestCase("--service=token-server", "--target=Deploy")]
    public void Parse_ServiceOfNoUse_IsRefused(params string[] arguments)
    {
        Assert.That(
            () => CommandLine.Parse(arguments, TargetCatalog.Names),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.BadArgument));
    }

    [TestCase("wants --from", "--users=5")]
    [TestCase("wants one of", "--from=db0")]
    [TestCase("wants one of", "--from=db0", "--users=5", "--share=5")]
    [TestCase("number above 0", "--from=db0", "--users=0")]
    [TestCase("number above 0", "--from=db0", "--users=many")]
    [TestCase("1% to 100%", "--from=db0", "--share=0")]
    [TestCase("1% to 100%", "--from=db0", "--share=101%")]
    [TestCase("number above 0", "--from=db0", "--share=5", "--step=-1")]
    [TestCase("wants a duration", "--from=db0", "--share=5", "--pause=soon")]
    public void Parse_RebalanceThatMakesNoSense_IsRefused(string says, params string[] arguments)
    {
        Assert.That(
            () => CommandLine.Parse(["--target=Rebalance", .. arguments], TargetCatalog.Names),
            Throws.TypeOf<PipelineException>().With.Message.Contains(says));
    }

    [Test]
    public void Parse_Rebalance_SaysWhoLeavesAndHow()
    {
        var options = CommandLine.Parse(["--target=rebalance", "--from=db0", "--share=20%", "--pause=1m"], TargetCatalog.Names).RunOptions(Repository.Find());

        Assert.That(options.Rebalance, Is.EqualTo(new RebalanceRequest("db0", null, 20, 100, TimeSpan.FromMinutes(1))));
        Assert.That(() => CommandLine.Parse(["--target=Deploy", "--from=db0"], TargetCatalog.Names), Throws.TypeOf<PipelineException>().With.Message.Contains("--target=Rebalance alone"));
    }

    [Test]
    public void Parse_Nothing_LeavesTheDefaultToTheEngine()
    {
        var line = CommandLine.Parse([], Targets);

        Assert.That(line.EngineArguments, Is.Empty);
    }

    [TestCase("--target=deploy")]
    [TestCase("--target", "DEPLOY")]
    [TestCase("-t", "Deploy")]
    [TestCase("--TARGET=Deploy")]
    public void Parse_TargetInAnySpelling_GivesTheCatalogues(params string[] args)
    {
        var line = CommandLine.Parse(args, Targets);

        Assert.That(line.EngineArguments, Is.EqualTo(["--target=Deploy"]));
    }

    [Test]
    public void Parse_SeveralTargets_GivesAll()
    {
        var line = CommandLine.Parse(["-t", "Bake-AMI", "--target=Deploy"], Targets);

        Assert.That(line.Targets, Is.EqualTo(["Bake-AMI", "Deploy"]));
    }

    [Test]
    public void Parse_DeploymentsOptions_AreKeptFromTheEngine()
    {
        var line = CommandLine.Parse(
            ["--environment=production", "--set", "webheads.count=5", "--set=cluster=a=b", "--refresh-base", "--exclusive"], Targets);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.ValueOf(Options.Environment), Is.EqualTo("production"));
            Assert.That(line.AllOf(Options.Set), Is.EqualTo(["webheads.count=5", "cluster=a=b"]));
            Assert.That(line.Has(Options.RefreshBase));
            Assert.That(line.Has(Options.Check), Is.False);
            Assert.That(line.EngineArguments, Is.EqualTo(["--exclusive"]));
        }
    }

    [TestCase("--verbsity=quiet", "Did you mean --verbosity?")]
    [TestCase("--enviroment=x", "Did you mean --environment?")]
    [TestCase("--zzz", "There is no option --zzz.")]
    [TestCase("Deploy", "--target=Deploy")]
    [TestCase("--target", "--target wants a value")]
    [TestCase("--environment=", "--environment wants a value")]
    [TestCase("--check=maybe", "--check is a flag")]
    [TestCase("--artifact=rpm", "no artifact \"rpm\": only bundle and container")]
    public void Parse_BadArgument_SaysWhatAndWhatElse(string argument, string expected)
    {
        var thrown = Assert.Throws<PipelineException>(() => CommandLine.Parse([argument], Targets));

        Assert.That(thrown!.Code, Is.EqualTo(ErrorCode.BadArgument));
        Assert.That(thrown.Message, Does.Contain(expected));
    }

    [TestCase("--target=Deploy", "--out=plan.json", "--target=Plan")]
    [TestCase("--target=Plan", "--plan=plan.json", "--target=Deploy")]
    [TestCase("--target=Destroy", "--list", "--target=Sweep")]
    [TestCase("--check", "--older-than=1d", "--target=Sweep")]
    public void Parse_OptionOfAnotherTarget_IsRefused(string first, string second, string expected)
    {
        Assert.That(() => CommandLine.Parse([first, second], TargetCatalog.Names), Throws.TypeOf<PipelineException>().With.Message.Contains($"is for {expected} alone"));
    }

    [Test]
    public void RunOptions_FilesOfPlans_AreFullPaths()
    {
        var plan = CommandLine.Parse(["--target=plan", "--out=a.json"], TargetCatalog.Names).RunOptions(Repository.Find());
        var deploy = CommandLine.Parse(["--target=Deploy", "--plan=a.json"], TargetCatalog.Names).RunOptions(Repository.Find());

        Assert.That((plan.PlanOut, deploy.PlanFile), Is.EqualTo((Path.GetFullPath("a.json"), Path.GetFullPath("a.json"))));
    }

    [Test]
    public void Parse_SeveralErrors_ReportsAllAtOnce()
    {
        var thrown = Assert.Throws<PipelineException>(
            () => CommandLine.Parse(["--foo", "--bar=1", "--approve=a", "--approve=b"], Targets));

        Assert.That(thrown!.Message.Split('\n'), Has.Length.EqualTo(3));
        Assert.That(thrown.Message, Does.Contain("--foo").And.Contain("--bar").And.Contain("--approve can be given once only"));
    }

    [TestCase("Deplyo", "Deploy")]
    [TestCase("bakeami", "Bake-AMI")]
    [TestCase("Destory", "Destroy")]
    public void Parse_UnknownTarget_NamesTheNearest(string asked, string nearest)
    {
        var thrown = Assert.Throws<PipelineException>(() => CommandLine.Parse([$"--target={asked}"], Targets));

        Assert.That(thrown!.Code, Is.EqualTo(ErrorCode.UnknownTarget));
        Assert.That(thrown.Message, Does.Contain($"Did you mean {nearest}"));
    }

    [Test]
    public void Parse_ValueLooksLikeAnOption_IsNotTakenAsTheValue()
    {
        var thrown = Assert.Throws<PipelineException>(() => CommandLine.Parse(["--environment", "--tree"], Targets));

        Assert.That(thrown!.Message, Does.Contain("--environment wants a value"));
    }
}
