using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Local;

public sealed class PrerequisitesTests
{
    private readonly FakeMachine machine = new();
    private readonly RecordingProgress progress = new();

    [Test]
    public async Task Ensure_AllThere_RunsNothing()
    {
        machine.Programs.UnionWith(["mysqld", "memcached"]);

        await Ensure();

        Assert.That(machine.Ran, Is.Empty);
        Assert.That(progress.Lines, Is.Empty);
    }

    [Test]
    public async Task Ensure_RootOnDebian_InstallsAnnounced()
    {
        machine.IsRoot = true;
        machine.Programs.Add("apt-get");
        machine.Brings("mariadb-server-core", "mariadbd", "mariadb-install-db");
        machine.Brings("mariadb-client-core", "my_print_defaults");
        machine.Brings("memcached", "memcached");

        await Ensure();

        Assert.That(machine.Ran, Is.EqualTo((string[])
        [
            "apt-get update -q",
            "apt-get install -y -q --no-install-recommends mariadb-server-core mariadb-client-core",
            "apt-get install -y -q --no-install-recommends memcached",
        ]));
        Assert.That(progress.Lines[0], Is.EqualTo("! MariaDB and memcached can't be found; installing: sudo apt-get install -y --no-install-recommends mariadb-server-core mariadb-client-core memcached"));
    }

    [Test]
    public async Task Ensure_ServerWithoutTheInstallersHelper_InstallsIt()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apt-get", "memcached", "mariadbd", "mariadb-install-db"]);
        machine.Brings("mariadb-client-core", "my_print_defaults");

        await Ensure();

        Assert.That(machine.Programs, Does.Contain("my_print_defaults"));
    }

    [Test]
    public async Task Ensure_FirstPackageLacksThePrograms_TakesTheNext()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apt-get", "memcached"]);
        machine.Brings("mariadb-server", "mariadbd", "mariadb-install-db", "my_print_defaults");

        await Ensure();

        Assert.That(machine.Ran[^1], Does.EndWith("mariadb-server"));
    }

    [Test]
    public async Task Ensure_PasswordlessSudo_UsesIt()
    {
        machine.Programs.UnionWith(["dnf", "sudo", "mariadbd", "mariadb-install-db", "my_print_defaults"]);
        machine.Brings("memcached", "memcached");

        await Ensure();

        Assert.That(machine.Ran, Is.EqualTo((string[])["sudo -n true", "sudo -n dnf install -y -q memcached"]));
    }

    [Test]
    public async Task Ensure_SudoWantsAPassword_SaysTheCommand()
    {
        machine.Programs.UnionWith(["apt-get", "sudo", "memcached"]);
        machine.Fails.Add("sudo -n true");

        var error = await Assert.ThrowsAsync<PipelineException>(Ensure);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.MissingProgram));
            Assert.That(error.Hint, Is.EqualTo("Run: sudo apt-get install -y --no-install-recommends mariadb-server-core mariadb-client-core"));
            Assert.That(machine.Ran, Is.EqualTo((string[])["sudo -n true"]));
        }
    }

    [Test]
    public async Task Ensure_InstallFails_ShowsItsLastLines()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apk", "memcached"]);
        machine.Fails.Add("apk add --no-cache mariadb");

        var error = await Assert.ThrowsAsync<PipelineException>(Ensure);

        Assert.That(error!.LastSeen, Does.Contain("failed: apk add"));
    }

    [Test]
    public async Task Ensure_PackageStartsItsService_StopsIt()
    {
        machine.IsRoot = true;
        machine.Programs.UnionWith(["apt-get", "systemctl", "mariadbd", "mariadb-install-db", "my_print_defaults"]);
        machine.Running.Add("mysql");
        machine.Brings("memcached", "memcached");
        machine.StartsService("memcached");

        await Ensure();

        Assert.That(machine.Ran.Where(command => command.Contains("disable", StringComparison.Ordinal)), Is.EqualTo((string[])["systemctl disable --now memcached"]),
            "what ran before goes on");
    }

    [Test]
    public async Task Ensure_UnknownSystem_SaysWhatIsMissing()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(Ensure);

        Assert.That(error!.Message, Is.EqualTo("MariaDB and memcached can't be found."));
    }

    private Task Ensure() => new Prerequisites(machine, machine, progress).EnsureAsync(CancellationToken.None);

    private sealed class FakeMachine : IMachine, IProcessRunner
    {
        private readonly Dictionary<string, string[]> packages = [];
        private string? service;

        public HashSet<string> Programs { get; } = [];

        public HashSet<string> Running { get; } = [];

        public HashSet<string> Fails { get; } = [];

        public List<string> Ran { get; } = [];

        public bool IsRoot { get; set; }

        public void Brings(string package, params string[] programs) => packages[package] = programs;

        public void StartsService(string name) => service = name;

        public string? Find(string program) => Programs.Contains(program) ? $"/usr/bin/{program}" : null;

        public Task<ProcessResult> RunAsync(
            string program, IReadOnlyList<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
        {
            var command = string.Join(' ', [program, .. arguments]);
            if (arguments is ["is-active", .., var asked])
                return Task.FromResult(new ProcessResult(Running.Contains(asked) ? 0 : 3, ""));
            Ran.Add(command);
            if (Fails.Contains(command))
                return Task.FromResult(new ProcessResult(1, $"failed: {command}"));
            foreach (var package in arguments)
            {
                if (!packages.TryGetValue(package, out var brought))
                    continue;
                Programs.UnionWith(brought);
                if (service is not null)
                    Running.Add(service);
            }

            return Task.FromResult(new ProcessResult(0, ""));
        }
    }
}
