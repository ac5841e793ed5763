using System.Text.RegularExpressions;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>What is written about targets is true of them.</summary>
public sealed partial class TargetTests
{
    private static IEnumerable<Target> Targets => TargetCatalog.All;

    private static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(SourceTree.Repository.Root, "*.md")
            .Concat(Directory.Exists(SourceTree.Repository.At("docs")) ? Directory.EnumerateFiles(SourceTree.Repository.At("docs"), "*.md", SearchOption.AllDirectories) : [])
            .Concat(Workflows)
            .Append(SourceTree.Repository.At(".ci", "run"))
            .Select(path => Path.GetRelativePath(SourceTree.Repository.Root, path));

    private static IEnumerable<string> Workflows => Directory.EnumerateFiles(SourceTree.Repository.At(".github", "workflows"), "*.yml");

    private static IEnumerable<string> WorkflowNames => Workflows.Select(path => Path.GetFileName(path));

    [TestCaseSource(nameof(Targets))]
    public void Target_Any_IsPublicSealedNamedAndDescribed(object target)
    {
        var (name, description, type, _) = (Target)target;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(type.IsPublic && type.IsSealed, "public and sealed");
            Assert.That(name, Does.Match("^[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)*$"));
            Assert.That(description, Does.Match(@"^[A-Z].{10,}\.$"));
            Assert.That(type.Name, Is.EqualTo(name.Replace("-", "", StringComparison.Ordinal) + "Task").IgnoreCase);
        }
    }

    [Test]
    public void Targets_Names_AreUnique()
    {
        Assert.That(TargetCatalog.Names.Select(name => name.ToUpperInvariant()), Is.Unique);
    }

    [TestCaseSource(nameof(Documents))]
    public void Document_CommandsInIt_HaveTargetsAndOptionsThatExist(string document)
    {
        var commands = Command().Matches(SourceTree.Read(document)).Select(match => match.Groups["arguments"].Value).ToList();

        foreach (var command in commands)
        {
            using (Assert.EnterMultipleScope())
            {
                foreach (Match option in OptionName().Matches(command))
                    Assert.That(Options.Find(option.Value), Is.Not.Null, $"{option.Value} of {command}");
                foreach (Match target in TargetName().Matches(command))
                    Assert.That(TargetCatalog.Names, Does.Contain(target.Groups["name"].Value), command);
            }
        }
    }

    [TestCaseSource(nameof(WorkflowNames))]
    public void Workflow_Steps_ExecBuildTargetsAndNothingElse(string workflow)
    {
        var steps = Workflow.All.Single(one => one.Name == workflow).Steps.Select(step => (string?)step.Step["run"]).OfType<string>().ToList();

        Assert.That(steps, Is.Not.Empty.And.All.Match($@"^({Regex.Escape(WorkflowTests.Split)}\n)?(exec )?\./build\.(sh|ps1) --target=[^\n]+$"));
    }

    [Test]
    public void Workflow_Stages_AreTargets()
    {
        var choices = Choice().Matches(SourceTree.Read(".github/workflows/stage.yml")).Select(match => match.Groups["target"].Value);

        Assert.That(choices, Is.Not.Empty.And.SubsetOf(TargetCatalog.Names));
    }

    [TestCaseSource(nameof(WorkflowNames))]
    public void Workflow_Actions_ArePinnedByCommitWithTheirVersion(string workflow)
    {
        var actions = Action().Matches(SourceTree.Read($".github/workflows/{workflow}")).Select(match => match.Groups["action"].Value.Trim());

        Assert.That(actions, Is.Not.Empty.And.All.Match(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$"));
    }

    [Test]
    public void ErrorCodes_Numbers_AreUnique()
    {
        var fields = Enum.GetNames<ErrorCode>();

        Assert.That(fields.Select(name => (int)Enum.Parse<ErrorCode>(name)), Is.Unique);
    }

    [GeneratedRegex(@"build\.(sh|ps1)(?<arguments>( +[^\s`|;)]+)*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<= )--[a-z-]+")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"--target=(?<name>[A-Za-z-]+)")]
    private static partial Regex TargetName();

    [GeneratedRegex(@"^ {10}- (?<target>[A-Z]\S+)$", RegexOptions.Multiline)]
    private static partial Regex Choice();

    [GeneratedRegex(@"uses:(?<action>.*)$", RegexOptions.Multiline)]
    private static partial Regex Action();
}
