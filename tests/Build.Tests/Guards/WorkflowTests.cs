using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>Workflows run targets that exist, with the least that they need, and never leave a deployment half done.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>How what was typed becomes words: by no evaluation.</summary>
    internal const string Split = "read -ra options <<< \"$OPTIONS\"";

    private const string Words = " \"${options[@]}\"";

    private static readonly string[] May = ["contents: read", "id-token: write", "attestations: write"];

    // What targets want to be told, as it may be typed.
    private static readonly Dictionary<string, string> Typed = new()
    {
        ["Deploy"] = "--approve=sync --refresh-base",
        ["Rebalance"] = "--from=db0 --share=20% --approve=sync",
        ["Remove-DB"] = "--approve=sync",
        ["Restore-DB"] = "--node=db0 --to=2026-03-01T12:00:00Z --approve=sync",
        ["Rollback"] = "--service=token-server --to=0.1.0-0a1b2c3d4e5f",
        ["Rotate-Credentials"] = "--confirm=token-server --wait",
        ["Rotate-Master-Secret"] = "--confirm=token-server",
        ["Destroy"] = "--approve=sync",
    };

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

    [TestCase("deploy.yml")]
    [TestCase("stage.yml")]
    public async Task Run_OptionsThatAreTyped_AreWordsAndNoCommands(string file)
    {
        var script = (string)Workflow.All.Single(workflow => workflow.Name == file).Steps.Select(step => step.Step["run"]).Last(run => run is not null)!;
        var folder = Directory.CreateTempSubdirectory("workflow-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "step.sh"), script.Replace("./build.sh", "printf '%s\\n'", StringComparison.Ordinal).Replace("exec ", "", StringComparison.Ordinal));
            var start = new ProcessStartInfo("bash", ["-e", "step.sh"]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true };
            foreach (var (name, value) in new[] { ("TARGET", "Status"), ("ENVIRONMENT", "production"), ("AWS_ROLE_ARN", "arn:role"), ("OPTIONS", "--approve=sync  $(touch made) `touch made` ; touch made * \"a b\"") })
                start.Environment[name] = value;

            using var process = Process.Start(start)!;
            var printed = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync();

            Assert.That(printed.SkipWhile(word => word != "--approve=sync"), Is.EqualTo(["--approve=sync", "$(touch", "made)", "`touch", "made`", ";", "touch", "made", "*", "\"a", "b\""]));
            Assert.That(folder.GetFiles().Select(made => made.Name), Is.EqualTo(["step.sh"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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
                Assert.That(workflow.Triggers, Is.SubsetOf(["workflow_dispatch", "schedule"]), $"{name} can be started from outside");
            }
        }
    }

    [TestCaseSource(nameof(Workflows))]
    public void Triggers_Any_GiveStrangersNoRights(object file)
    {
        var workflow = (Workflow)file;

        Assert.That(workflow.Triggers, Is.SubsetOf(["push", "pull_request", "workflow_dispatch", "schedule"]));
        var secrets = Secret().Matches(SourceTree.Read($".github/workflows/{workflow.Name}")).Select(match => match.Groups[1].Value);
        Assert.That(secrets, workflow.Triggers.Contains("workflow_dispatch") ? Is.SubsetOf(NamedBySettings) : Is.Empty, "there are no long-lived keys");
    }

    [TestCase("deploy.yml")]
    [TestCase("stage.yml")]
    [TestCase("scheduled.yml")]
    public void Run_VariablesThatSettingsName_AreSecretsOfTheEnvironment(string file)
    {
        var run = Workflow.All.Single(workflow => workflow.Name == file).Steps.Select(step => step.Step["env"]).Last(variables => variables?["AWS_ROLE_ARN"] is not null)!;

        Assert.That(NamedBySettings, Is.Not.Empty);
        foreach (var name in NamedBySettings) Assert.That((string?)run[name], Is.EqualTo($"${{{{ secrets.{name} }}}}"));
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
    public void Deploy_Steps_AttestEachBundleBeforeItIsDeployed()
    {
        var all = Workflow.All.Single(workflow => workflow.Name == "deploy.yml").Steps.Select(step => step.Step).ToList();
        var steps = all.Select(step => (string?)step["run"] ?? (string?)step["uses"] ?? "").ToList();

        var order = new[] { "--target=Build-Webhead", "actions/attest-build-provenance@", "--target=Deploy" }
            .Select(part => steps.FindIndex(step => step.Contains(part, StringComparison.Ordinal)));

        Assert.That(order, Is.Ordered.And.None.EqualTo(-1));
        Assert.That(all.Select(step => (string?)step["with"]?["subject-path"]).OfType<string>(), Is.EqualTo(["artifacts/*/bundle.tar.gz"]));
    }

    [Test]
    public void WhatChanges_OfOneEnvironment_TakesTurns()
    {
        var groups = Workflow.All.ToDictionary(workflow => workflow.Name, workflow => (string?)workflow.Root["concurrency"]!["group"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(groups["deploy.yml"], Is.EqualTo("cluster-${{ inputs.environment }}"));
            Assert.That(groups["stage.yml"], Is.EqualTo(groups["deploy.yml"]));
            Assert.That(groups["scheduled.yml"], Is.EqualTo("cluster-${{ vars.SCHEDULED_ENVIRONMENT }}"));
        }
    }

    [Test]
    public void Stage_Choices_AreAllStages()
    {
        // Deploy has a workflow of its own.
        var stages = TargetCatalog.All.Where(target => target.Stage is { Kind: not StageKind.Offline }).Select(target => target.Name).Except(["Deploy"]);

        Assert.That(Choices(Workflow.All.Single(workflow => workflow.Name == "stage.yml")), Is.EquivalentTo(stages));
    }

    [Test]
    public void Scheduled_EachTime_RunsOneOfItsChoices()
    {
        var workflow = Workflow.All.Single(workflow => workflow.Name == "scheduled.yml");
        var times = workflow.Root["on"]!["schedule"]!.AsArray().Select(time => (string)time!["cron"]!).ToList();
        var (_, job) = workflow.Jobs.Single();
        var target = (string)workflow.Steps.Select(step => step.Step["env"]?["TARGET"]).Single(target => target is not null)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Choices(workflow), Is.EqualTo(["Heal", "Plan-Capacity"]));
            Assert.That(times, Has.Count.EqualTo(2));
            Assert.That(target, Is.EqualTo($"${{{{ inputs.target || github.event.schedule == {times[1]} && 'Plan-Capacity' || 'Heal' }}}}"));
            Assert.That((string?)job["if"], Is.EqualTo("${{ vars.SCHEDULED_ENVIRONMENT != '' }}"), "who has not asked for it has none");
            Assert.That((string?)job["environment"], Is.EqualTo("${{ vars.SCHEDULED_ENVIRONMENT }}-scheduled"));
        }
    }

    // What the example of the settings has in variables.
    private static IReadOnlyList<string> NamedBySettings { get; } =
        [.. VariableName().Matches(SourceTree.Read("pipeline/environments/production.example.json")).Select(match => match.Groups[1].Value).Distinct()];

    private static IReadOnlyList<string> Choices(Workflow workflow) =>
        [.. workflow.Root["on"]!["workflow_dispatch"]?["inputs"]?["target"]?["options"]?.AsArray().Select(option => (string)option!) ?? []];

    // With everything that may be chosen in the place of what is chosen, and what that wants to be told in the place of what is typed.
    private static IEnumerable<string[]> Written(Workflow workflow, string script)
    {
        var lines = script.Split('\n');
        var command = lines[^1];
        Assert.That(lines[..^1], command.Contains(Words, StringComparison.Ordinal) ? Is.EqualTo([Split]) : Is.Empty);
        foreach (var target in command.Contains("$TARGET", StringComparison.Ordinal) ? Choices(workflow) : [TargetOf(command)])
        {
            var chosen = command.Replace("\"$TARGET\"", target, StringComparison.Ordinal).Replace("\"$ENVIRONMENT\"", "local", StringComparison.Ordinal);
            string[] typed = chosen.Contains(Words, StringComparison.Ordinal) && Typed.TryGetValue(target, out var options) ? ["", $" {options}"] : [""];

            // Who has nothing to say types nothing; but for Rebalance, which has no default.
            foreach (var more in typed.Where(more => more.Length > 0 || target != "Rebalance")) yield return chosen.Replace(Words, more, StringComparison.Ordinal).Split(' ');
        }
    }

    private static string TargetOf(string command) => command.Split(' ').Where(word => word.StartsWith("--target=", StringComparison.Ordinal)).Select(word => word["--target=".Length..]).Single();

    private static IEnumerable<string> Permissions(JsonObject owner) => owner["permissions"]!.AsObject().Select(one => $"{one.Key}: {one.Value}");

    [GeneratedRegex("secrets\\.([A-Za-z0-9_]+)")]
    private static partial Regex Secret();

    [GeneratedRegex("\"(?:urlEnvironment|smokeTokenEnvironment)\": \"([A-Z0-9_]+)\"")]
    private static partial Regex VariableName();
}
