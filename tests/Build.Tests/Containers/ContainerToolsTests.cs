using SyncStorage.Build.Containers;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Tests.Containers;

public sealed class ContainerToolsTests
{
    private static readonly (int, string) Docker = (0, "Client: Docker Engine\nServer: Docker Engine");
    private static readonly (int, string) DockerWithoutService = (1, "Client:\nCannot connect to the Docker daemon. Is it running?");
    private static readonly (int, string) Podman = (0, "Client:       Podman Engine\nVersion:      4.3.1");

    [Test]
    public async Task Find_BothAnswer_TakesDocker()
    {
        var tool = await FindAsync(new() { ["docker"] = Docker, ["podman"] = Podman });

        Assert.That(tool, Is.EqualTo(new ContainerTool("/usr/bin/docker", IsPodman: false)));
    }

    [Test]
    public async Task Find_DockerHasNoService_TakesPodman()
    {
        var tool = await FindAsync(new() { ["docker"] = DockerWithoutService, ["podman"] = Podman });

        Assert.That(tool, Is.EqualTo(new ContainerTool("/usr/bin/podman", IsPodman: true)));
    }

    [Test]
    public async Task Find_PodmanUnderTheNameOfDocker_IsKnownAsPodman()
    {
        var tool = await FindAsync(new() { ["docker"] = Podman });

        Assert.That(tool, Is.EqualTo(new ContainerTool("/usr/bin/docker", IsPodman: true)));
    }

    [Test]
    public async Task Find_NamedInTheSettings_AsksNoOther()
    {
        var tool = await FindAsync(new() { ["docker"] = Docker, ["podman"] = Podman }, named: "podman");

        Assert.That(tool.Path, Is.EqualTo("/usr/bin/podman"));
    }

    [Test]
    public async Task Find_NoneAnswers_SaysWhatEachSaidAndWhatToInstall()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(() => FindAsync(new() { ["docker"] = DockerWithoutService }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.MissingProgram));
            Assert.That(error.LastSeen, Is.EqualTo("/usr/bin/docker: Cannot connect to the Docker daemon. Is it running?\npodman is not installed"));
            Assert.That(error.Hint, Does.Contain("apt-get install podman").And.Contain("--set container.tool="));
        }
    }

    private static Task<ContainerTool> FindAsync(Dictionary<string, (int, string)> installed, string? named = null)
    {
        var machine = new Installed(installed);
        var settings = new EnvironmentSettings { Cluster = "sync2", Dbnodes = [], Container = new ContainerSettings { Tool = named } };
        return new ContainerTools(settings, new RunOptions { RepositoryRoot = "/" }, machine, machine).FindAsync(CancellationToken.None);
    }

    private sealed class Installed(Dictionary<string, (int Code, string Output)> answers) : IMachine, IProcessRunner
    {
        public bool IsRoot => false;

        public string? Find(string program) => answers.ContainsKey(program) ? $"/usr/bin/{program}" : null;

        public Task<ProcessResult> RunAsync(
            string program, IReadOnlyList<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
        {
            Assert.That(arguments, Is.EqualTo(["version"]));
            var (code, output) = answers[Path.GetFileName(program)];
            return Task.FromResult(new ProcessResult(code, output));
        }
    }
}
