using SyncStorage.Build.Project;
using SyncStorage.Build.Tests.Guards;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Build.Tests.Project;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TestProgramsTests
{
    private const string Update = "apt-get update -q";
    private const string Install = "apt-get install -y -q --no-install-recommends";

    private readonly FakeMachine machine = new();

    [Test]
    public async Task Install_AllThere_RunsNoPackageManager()
    {
        machine.Programs.UnionWith(["ansible-playbook", "packer", "aws", "node", "npm", "podman", "python3"]);

        await InstallAsync();

        Assert.That(machine.Ran, Is.EqualTo((string[])["/usr/bin/python3 -c import boto3"]));
    }

    [Test]
    public async Task Install_RootOnDebian_InstallsWhatIsMissing()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apt-get", "aws", "node", "npm", "podman", "python3"]);
        machine.Fails.Add("/usr/bin/python3 -c import boto3");

        await InstallAsync();

        Assert.That(machine.Ran.Skip(1), Is.EqualTo((string[])[Update, $"{Install} ansible packer python3-boto3"]));
    }

    [Test]
    public async Task Install_ADistributionLacksOne_InstallsTheOthers()
    {
        machine.Programs.UnionWith(["apt-get", "sudo", "aws", "node", "npm", "podman", "python3"]);
        machine.Fails.UnionWith([$"sudo -n {Install} ansible packer", $"sudo -n {Install} packer"]);

        var output = await InstallAsync();

        Assert.That(machine.Ran.TakeLast(2), Is.EqualTo((string[])[$"sudo -n {Install} ansible", $"sudo -n {Install} packer"]));
        Assert.That(output, Does.Contain("packer could not be installed: failed").And.Not.Contain("ansible could not"));
    }

    [Test]
    public async Task Install_SudoWantsAPassword_SaysWhatIsMissing()
    {
        machine.Programs.UnionWith(["apt-get", "sudo", "ansible-playbook", "aws", "node", "npm", "podman", "python3"]);
        machine.Fails.Add("sudo -n true");

        var output = await InstallAsync();

        Assert.That(machine.Ran[^1], Is.EqualTo("sudo -n true"));
        Assert.That(output, Does.Contain("can't be installed here: packer."));
    }

    [Test]
    public async Task Install_DockerWithoutItsService_InstallsPodman()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apt-get", "ansible-playbook", "packer", "aws", "node", "npm", "docker", "python3"]);
        machine.Fails.Add("/usr/bin/docker version");

        await InstallAsync();

        Assert.That(machine.Ran.Skip(2), Is.EqualTo((string[])[Update, $"{Install} podman runc"]));
    }

    [Test]
    public async Task Install_DockerThatAnswers_InstallsNothing()
    {
        machine.Programs.UnionWith(["apt-get", "ansible-playbook", "packer", "aws", "node", "npm", "docker", "python3"]);

        await InstallAsync();

        Assert.That(machine.Ran[^1], Is.EqualTo("/usr/bin/docker version"));
    }

    [Test]
    public void Commands_AreWhatSkippedTestsSay()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SourceTree.Read("tests/LocalCloud.Tests/Clients/ClientPrograms.cs"), Does.Contain($"\"{TestPrograms.Command}\""));
            Assert.That(SourceTree.Read("tests/EndToEnd.Tests/ContainerEngine.cs"), Does.Contain($"{TestPrograms.EngineCommand}."));
        }
    }

    private async Task<string> InstallAsync()
    {
        using var output = new Output();
        await new TestPrograms(machine, machine, output.Console).InstallAsync(CancellationToken.None);
        return output.Text;
    }

    private sealed class FakeMachine : IMachine, IProcessRunner
    {
        public HashSet<string> Programs { get; } = [];

        public HashSet<string> Fails { get; } = [];

        public List<string> Ran { get; } = [];

        public bool IsRoot { get; set; }

        public string? Find(string program) => Programs.Contains(program) ? $"/usr/bin/{program}" : null;

        public Task<ProcessResult> RunAsync(
            string program, IReadOnlyList<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
        {
            var command = string.Join(' ', [program, .. arguments]);
            Ran.Add(command);
            return Task.FromResult(Fails.Contains(command) ? new ProcessResult(1, "failed") : new ProcessResult(0, ""));
        }
    }
}
