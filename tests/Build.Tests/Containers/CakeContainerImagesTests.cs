using System.Globalization;
using SyncStorage.Build.Containers;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Settings;
using SyncStorage.TestSupport;

namespace SyncStorage.Build.Tests.Containers;

/// <summary>The engine and the aliases with a program in docker's place that writes down what it was asked.</summary>
[Category(Categories.Processes)]
[Platform(Exclude = "Win", Reason = "the program in docker's place is a shell script")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CakeContainerImagesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("containers-");
    private readonly Output output = new();

    [Test]
    public async Task Build_Docker_PassesWhatTheRecipeSaysAndSaves()
    {
        WriteTool("Docker Engine", buildCode: 0);

        var built = await BuildAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(built, Is.EqualTo(new BuiltImage("sha256:0123", "docker")));
            Assert.That(Asked, Is.EqualTo([
                "version|",
                $"build|--build-arg|BASE_IMAGE=base:1|--build-arg|SOURCE_DATE_EPOCH=0|--file|{At("Containerfile")}|--label|title=A webhead|--platform|linux/arm64"
                    + $"|--tag|webhead:1.0|{At("context")}|--iidfile|{At("image.id")}|",
                $"save|--output|{At("image.tar")}|webhead:1.0|",
            ]));
            Assert.That(output.Text, Does.Contain("step 1"));
            Assert.That(File.Exists(At("image.id")), Is.False);
        }
    }

    [Test]
    public async Task Build_Podman_GetsTheTimeAndTheFormatThatHasHealthChecks()
    {
        WriteTool("Podman Engine", buildCode: 0);

        var built = await BuildAsync(CancellationToken.None);

        Assert.That(built.Tool, Is.EqualTo("podman"));
        Assert.That(Asked[1], Does.EndWith("|--timestamp=0|--format=docker|").And.Not.Contain("SOURCE_DATE_EPOCH"));
    }

    [Test]
    public async Task Build_Fails_SaysItsLastLines()
    {
        WriteTool("Docker Engine", buildCode: 125);

        var error = await Assert.ThrowsAsync<PipelineException>(() => BuildAsync(CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.ContainerFailed));
            Assert.That(error.Message, Does.Contain("docker build failed").And.Contain("125"));
            Assert.That(error.LastSeen, Does.Contain("step 1").And.Contain("no such base"));
            Assert.That(Asked, Has.Count.EqualTo(2), "nothing is saved");
        }
    }

    [Test]
    public async Task Build_Interrupted_EndsTheProgram()
    {
        WriteTool("Docker Engine", buildCode: 0, hangs: true);
        using var interruption = new CancellationTokenSource();

        var running = BuildAsync(interruption.Token);
        while (!File.Exists(At("pid")) && !running.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        await interruption.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        var pid = int.Parse(await File.ReadAllTextAsync(At("pid")), CultureInfo.InvariantCulture);
        Assert.That(() => System.Diagnostics.Process.GetProcessById(pid).HasExited, Throws.ArgumentException.Or.Matches<bool>(exited => exited));
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        output.Dispose();
    }

    private IReadOnlyList<string> Asked => File.ReadAllLines(At("asked"));

    private string At(string name) => Path.Combine(folder.FullName, name);

    private async Task<BuiltImage> BuildAsync(CancellationToken cancellationToken)
    {
        var settings = new EnvironmentSettings { Cluster = "sync2", Dbnodes = [], Container = new ContainerSettings { Tool = At("tool") } };
        var tools = new ContainerTools(settings, new RunOptions { RepositoryRoot = folder.FullName }, new Machine(), new ProcessRunner());
        return await new CakeContainerImages(new(() => new EngineContext()), tools, output.Console).BuildAsync(
            new ImageRecipe
            {
                Reference = "webhead:1.0",
                Context = At("context"),
                Containerfile = At("Containerfile"),
                Platform = "linux/arm64",
                Arguments = new Dictionary<string, string> { ["BASE_IMAGE"] = "base:1" },
                Labels = new Dictionary<string, string> { ["title"] = "A webhead" },
                Archive = At("image.tar"),
            },
            cancellationToken);
    }

    private void WriteTool(string name, int buildCode, bool hangs = false)
    {
        File.WriteAllText(At("tool"), $"""
            #!/bin/sh
            printf '%s|' "$@" >>'{At("asked")}'
            echo >>'{At("asked")}'
            case $1 in
            version) echo '{name}' ;;
            build)
                echo 'step 1'
                {(hangs ? $"echo $$ >'{At("pid.new")}'; mv '{At("pid.new")}' '{At("pid")}'; exec sleep 60" : "")}
                echo 'no such base' >&2
                printf 'sha256:0123' >'{At("image.id")}'
                exit {buildCode} ;;
            save) echo archive >'{At("image.tar")}' ;;
            esac

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(At("tool"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
