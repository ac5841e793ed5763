using System.Text.Json.Nodes;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>Workflows run targets that exist, with the least that they need, and never leave a deployment half done.</summary>
public sealed class WorkflowTests
{
    private static readonly string[] May = ["contents: read", "id-token: write", "attestations: write"];

    private static IEnumerable<Workflow> Workflows => Workflow.All;

    [TestCaseSource(nameof(Workflows))]
    public void Run_EveryCommand_IsOneThatTheBuildTakes(object file)
    {
        var workflow = (Workflow)file;
        var commands = workflow.Steps.Where(step => step.Step.ContainsKey("run")).SelectMany(step => Written(workflow, (string)step.Step["run"]!)).ToList();

        Assert.That(commands, Is.Not.Empty);
        foreach (var command in commands)
        {
            // Signals reach only what the step's shell has become.
            Assert.That(command[0] is "./build.ps1" || command is ["exec", "./build.sh", ..], string.Join(' ', command));
            var arguments = command.SkipWhile(word => word[0] != '-').ToList();
            Assert.That(() => CommandLine.Parse(arguments, TargetCatalog.Names), Throws.Nothing, string.Join(' ', command));
        }
    }

    [TestCaseSource(nameof(Workflows))]
    public void Run_EveryCommand_TakesWhatOthersSayFromItsEnvironmentOnly(object file)
    {
        var commands = ((Workflow)file).Steps.Select(step => (string?)step.Step["run"] ?? "");

        Assert.That(commands, Has.None.Contains("${{"), "what is pasted into a command can be a command");
    }

    [TestCaseSource(nameof(Workflows))]
    public void Permissions_OfEachJob_AreTheLeast(object file)
    {
        var workflow = (Workflow)file;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Permissions(workflow.Root), Is.SubsetOf(["contents: read"]), "for all jobs");
            foreach (var (name, job) in workflow.Jobs.Where(job => job.Job.ContainsKey("permissions")))
            {
                Assert.That(Permissions(job), Is.SubsetOf(May), name);
                Assert.That(job.ContainsKey("environment"), $"{name} asks nobody before it may act");
                Assert.That(workflow.Triggers, Is.EqualTo(["workflow_dispatch"]), $"{name} can be started from outside");
            }
        }
    }

    [TestCaseSource(nameof(Workflows))]
    public void Triggers_Any_GiveStrangersNoRights(object file)
    {
        var workflow = (Workflow)file;

        Assert.That(workflow.Triggers, Is.SubsetOf(["push", "pull_request", "workflow_dispatch"]));
        Assert.That(SourceTree.Read($".github/workflows/{workflow.Name}"), Does.Not.Contain("secrets."), "there are no long-lived keys");
    }

    [TestCaseSource(nameof(Workflows))]
    public void Jobs_All_HaveADeadlineAndAreNeverCancelledByTheNext(object file)
    {
        var workflow = (Workflow)file;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)workflow.Root["concurrency"]?["cancel-in-progress"], Is.EqualTo("false"));
            foreach (var (name, job) in workflow.Jobs) Assert.That((string?)job["timeout-minutes"], Does.Match("^[0-9]+$"), name);
        }
    }

    [TestCaseSource(nameof(Workflows))]
    public void Checkout_Every_LeavesNoCredentialsBehind(object file)
    {
        var checkouts = ((Workflow)file).Steps.Where(step => ((string?)step.Step["uses"])?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true).ToList();

        Assert.That(checkouts.Select(step => (string?)step.Step["with"]?["persist-credentials"]), Is.Not.Empty.And.All.EqualTo("false"));
    }

    [Test]
    public void Deploy_Steps_AttestTheBundleBeforeItIsDeployed()
    {
        var steps = Workflow.All.Single(workflow => workflow.Name == "deploy.yml").Steps.Select(step => (string?)step.Step["run"] ?? (string?)step.Step["uses"] ?? "").ToList();

        var order = new[] { "--target=Build-Webhead", "actions/attest-build-provenance@", "--target=Deploy" }
            .Select(part => steps.FindIndex(step => step.Contains(part, StringComparison.Ordinal)));

        Assert.That(order, Is.Ordered.And.None.EqualTo(-1));
    }

    [Test]
    public void DeployAndStage_OfOneEnvironment_TakeTurns()
    {
        var groups = Workflow.All.Where(workflow => workflow.Name is "deploy.yml" or "stage.yml").Select(workflow => (string?)workflow.Root["concurrency"]!["group"]);

        Assert.That(groups, Is.EqualTo(Enumerable.Repeat("cluster-${{ inputs.environment }}", 2)));
    }

    [Test]
    public void Stage_Choices_AreAllStagesThatNeedNoMoreToBeSaid()
    {
        // Deploy has a workflow of its own; the others ask for an approval, a confirmation or a time, which whoever has it types.
        string[] others = ["Deploy", "Destroy", "Rebalance", "Restore-DB", "Rotate-Credentials", "Rotate-Master-Secret"];
        var stages = TargetCatalog.All.Where(target => target.Stage is { Kind: not StageKind.Offline }).Select(target => target.Name).Except(others);

        var stage = Workflow.All.Single(workflow => workflow.Name == "stage.yml");

        Assert.That(stage.Root["on"]!["workflow_dispatch"]!["inputs"]!["target"]!["options"]!.AsArray().Select(option => (string)option!), Is.EquivalentTo(stages));
    }

    // With everything that may be chosen in the place of what is chosen.
    private static IEnumerable<string[]> Written(Workflow workflow, string command)
    {
        var chosen = workflow.Root["on"]!["workflow_dispatch"]?["inputs"]?["target"]?["options"]?.AsArray().Select(option => (string)option!) ?? ["Default"];
        return (command.Contains("$TARGET", StringComparison.Ordinal) ? chosen : ["Default"])
            .Select(target => command.Replace("\"$TARGET\"", target, StringComparison.Ordinal).Replace("\"$ENVIRONMENT\"", "local", StringComparison.Ordinal).Split(' '));
    }

    private static IEnumerable<string> Permissions(JsonObject owner) => owner["permissions"]!.AsObject().Select(one => $"{one.Key}: {one.Value}");
}
