using System.Runtime.Versioning;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Ec2;

/// <summary>Instances as real processes: user data, units, images, restarts.</summary>
[Category(Categories.Processes)]
[SupportedOSPlatform("linux")]
[CancelAfter(60_000)]
internal sealed class BootTests : BootedInstances
{
    // A builder: installs a service that counts its starts and waits, enables it, and switches itself off.
    private const string Builder =
        """
        #!/bin/sh
        set -eu
        mkdir -p "$DESTDIR/opt/app" "$DESTDIR/etc/app"
        cat > "$DESTDIR/opt/app/serve" <<'SERVE'
        #!/bin/sh
        echo "start $GREETING" >> "$DESTDIR/var/log/starts"
        echo $$ > "$DESTDIR/var/log/pid"
        exec sleep 1000
        SERVE
        chmod 755 "$DESTDIR/opt/app/serve"
        cat > "$DESTDIR/etc/systemd/system/app.service" <<'UNIT'
        [Unit]
        Description=The app
        ConditionPathExists=/etc/app
        [Service]
        EnvironmentFile=-/etc/app/env
        ExecStart=/opt/app/serve
        Restart=always
        RestartSec=1s
        TimeoutStopSec=5
        [Install]
        WantedBy=multi-user.target
        UNIT
        systemctl daemon-reload
        systemctl enable app.service
        systemctl is-enabled app > "$DESTDIR/var/log/enabled"
        cloud-init clean --logs
        echo built
        shutdown -h now
        """;

    private const string UserData = "#!/bin/sh\necho GREETING=hello > \"$DESTDIR/etc/app/env\"\n";

    [Test]
    public async Task RunInstances_UserDataShutsDown_StopsWithItsOutput(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(BaseImage, Builder, cancellationToken);

        var instance = await UntilAsync(id, InstanceStateName.Stopped, cancellationToken);

        var console = await Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = id }, cancellationToken);
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(console.Output));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("\nbuilt\n"));
            Assert.That(instance.StateReason.Code, Is.EqualTo("Client.InstanceInitiatedShutdown"));
            Assert.That(File.ReadAllText(Path.Combine(Root(id), "var/log/enabled")), Is.EqualTo("enabled\n"));
        }
    }

    [Test]
    public async Task RunInstances_BakedImage_RunsUserDataThenItsUnits(CancellationToken cancellationToken)
    {
        var image = await BakeAsync(cancellationToken);

        var id = await LaunchAsync(image, UserData, cancellationToken);
        await ServingAsync(id, 1, cancellationToken);

        Assert.That(Starts(id), Is.EqualTo(new[] { "start hello" }));
        Assert.That((File.GetUnixFileMode(Path.Combine(Root(id), "opt/app/serve")) & UnixFileMode.UserWrite) == 0, "shared files are read-only");
    }

    [Test]
    public async Task Supervision_UnitDies_IsStartedAgainAndTheInstanceRunsOn(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);

        Signals.SendTo(pid, Signals.Kill);
        var next = await ServingAsync(id, 2, cancellationToken);

        Assert.That(next, Is.Not.EqualTo(pid));
        Assert.That((await DescribeAsync(id, cancellationToken)).State.Name, Is.EqualTo(InstanceStateName.Running));
    }

    [Test]
    public async Task TerminateInstances_Running_LeavesNoProcessAndNoRoot(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);

        await Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [id] }, cancellationToken);
        await UntilAsync(id, InstanceStateName.Terminated, cancellationToken);
        await UntilAsync(() => !Directory.Exists(Root(id)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProcStat.Read(pid) is { IsDead: false }, Is.False);
            Assert.That(Proc.WithEnvironment("DESTDIR", Root(id)), Is.Empty);
        }
    }

    [Test]
    public async Task StartInstances_Stopped_BootsWithoutUserDataAgain(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        await ServingAsync(id, 1, cancellationToken);
        await Ec2.StopInstancesAsync(new StopInstancesRequest { InstanceIds = [id] }, cancellationToken);
        await UntilAsync(id, InstanceStateName.Stopped, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Root(id), "etc/app/env"), "GREETING=again\n", cancellationToken);

        await Ec2.StartInstancesAsync(new StartInstancesRequest { InstanceIds = [id] }, cancellationToken);
        await ServingAsync(id, 2, cancellationToken);

        Assert.That(Starts(id), Is.EqualTo(new[] { "start hello", "start again" }));
    }

    [Test]
    public async Task Restart_KeepingProcesses_AdoptsThem(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);

        await Cloud.RestartAsync(keepProcesses: true);
        Assert.That(ProcStat.Read(pid) is { IsDead: false }, "the process went on");
        Signals.SendTo(pid, Signals.Kill);
        await ServingAsync(id, 2, cancellationToken);

        Assert.That((await DescribeAsync(id, cancellationToken)).State.Name, Is.EqualTo(InstanceStateName.Running));
    }

    [Test]
    public async Task Restart_ProcessThatNobodyHasOnRecord_IsReplaced(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);
        var memory = new StateFile<MachineMemory>(new MachinePaths(Cloud.StateDirectory, id).Home, "machine");

        await Cloud.RestartAsync(keepProcesses: true, () => memory.Save(new MachineMemory()));
        await ServingAsync(id, 2, cancellationToken);

        Assert.That(ProcStat.Read(pid) is { IsDead: false }, Is.False);
    }

    [Test]
    public async Task Start_DamagedState_SaysWhichFileAndLeavesProcessesAlone(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);
        var file = Path.Combine(Cloud.StateDirectory, "state", "elb.json");
        var whole = await File.ReadAllTextAsync(file, cancellationToken);

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => Cloud.RestartAsync(keepProcesses: true, () => File.WriteAllText(file, whole[..^3])));
        var livesOn = ProcStat.Read(pid) is { IsDead: false };
        await Cloud.RestartAsync(keepProcesses: true, () => File.WriteAllText(file, whole));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Message, Does.Contain(file));
            Assert.That(livesOn, "the process goes on while its LocalCloud can't start");
            Assert.That((await DescribeAsync(id, cancellationToken)).State.Name, Is.EqualTo(InstanceStateName.Running));
            Assert.That(await ServingAsync(id, 1, cancellationToken), Is.EqualTo(pid));
        }
    }

    [Test]
    public async Task Restart_EndingProcesses_BootsAgain(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(await BakeAsync(cancellationToken), UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);

        await Cloud.RestartAsync(keepProcesses: false);
        await ServingAsync(id, 2, cancellationToken);

        Assert.That(ProcStat.Read(pid) is { IsDead: false }, Is.False);
    }

    [Test]
    public async Task Fault_HangsAfterBoot_FreezesItsServices(CancellationToken cancellationToken)
    {
        var image = await BakeAsync(cancellationToken);
        Faults.Add([new FaultRule(FaultKind.HangsAfterBoot, DelayMilliseconds: 1)]);

        var id = await LaunchAsync(image, UserData, cancellationToken);
        var pid = await ServingAsync(id, 1, cancellationToken);

        await Eventually.TrueAsync(() => File.ReadAllText($"/proc/{pid}/stat").Contains(") T ", StringComparison.Ordinal), "the service stands still");
        Assert.That((await DescribeAsync(id, cancellationToken)).State.Name, Is.EqualTo(InstanceStateName.Running));
    }

    [Test]
    public async Task Fault_DiskFull_LargeFilesCantBeWritten(CancellationToken cancellationToken)
    {
        Faults.Add([new FaultRule(FaultKind.DiskFull)]);
        const string Script = """
            #!/bin/sh
            echo small > "$DESTDIR/small"
            head -c 3000000 /dev/zero > "$DESTDIR/large" && echo written > "$DESTDIR/result" || echo failed > "$DESTDIR/result"
            """;

        var id = await LaunchAsync(BaseImage, Script, cancellationToken);

        var result = Path.Combine(Root(id), "result");
        await Eventually.TrueAsync(() => File.Exists(result) && File.ReadAllText(result) == "failed\n", "the script failed to write");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(Root(id), "small"), cancellationToken), Is.EqualTo("small\n"));
    }

    [Test]
    public async Task Fault_FailsProbes_OnlyTheLoadBalancerSeesIt(CancellationToken cancellationToken)
    {
        Faults.Add([new FaultRule(FaultKind.FailsProbes)]);
        var directory = Cloud.Services.GetRequiredService<IInstanceDirectory>();

        var hit = await LaunchAsync(BaseImage, UserData, cancellationToken);
        await UntilAsync(hit, InstanceStateName.Running, cancellationToken);
        await Eventually.TrueAsync(() => !directory.AnswersProbes(hit), "the probes fail");
        var spared = await LaunchAsync(BaseImage, UserData, cancellationToken);
        await UntilAsync(spared, InstanceStateName.Running, cancellationToken);

        Assert.That(directory.AnswersProbes(spared));
    }

    [Test]
    public async Task Fault_NeverInServiceOrDiesInService_HitAtTheLoadBalancersVerdict(CancellationToken cancellationToken)
    {
        Faults.Add([new FaultRule(FaultKind.NeverInService)]);
        var directory = Cloud.Services.GetRequiredService<IInstanceDirectory>();

        var never = await LaunchAsync(BaseImage, UserData, cancellationToken);
        await UntilAsync(never, InstanceStateName.Running, cancellationToken);
        await Eventually.TrueAsync(() => !directory.ComesIntoService(never), "it boots");
        Faults.Add([new FaultRule(FaultKind.DiesInService)]);
        var dies = await LaunchAsync(BaseImage, UserData, cancellationToken);
        await UntilAsync(dies, InstanceStateName.Running, cancellationToken);
        await Eventually.TrueAsync(() => Faults.Rules.Count == 0, "it boots");
        directory.CameIntoService(never);
        directory.CameIntoService(dies);

        await Eventually.TrueAsync(() => directory.AddressOf(dies) is null, "its machine breaks");
        Assert.That((directory.AnswersProbes(never), directory.AddressOf(never) is null, directory.ComesIntoService(dies)), Is.EqualTo((true, false, true)));
    }

    private FaultInjector Faults => Cloud.Services.GetRequiredService<FaultInjector>();

    private string[] Starts(string id)
    {
        var file = Path.Combine(Root(id), "var/log/starts");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private async Task<string> BakeAsync(CancellationToken cancellationToken)
    {
        var builder = await LaunchAsync(BaseImage, Builder, cancellationToken);
        await UntilAsync(builder, InstanceStateName.Stopped, cancellationToken);
        var image = await Ec2.CreateImageAsync(new CreateImageRequest { InstanceId = builder, Name = "app" }, cancellationToken);
        await Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [builder] }, cancellationToken);
        return image.ImageId;
    }

    private async Task<Instance> UntilAsync(string id, InstanceStateName state, CancellationToken cancellationToken)
    {
        while (true)
        {
            var instance = await DescribeAsync(id, cancellationToken);
            if (instance.State.Name == state) return instance;
            await Pause(cancellationToken);
        }
    }

    /// <summary>Waits until the app started this often, and gives its process id.</summary>
    private async Task<int> ServingAsync(string id, int starts, CancellationToken cancellationToken)
    {
        var pid = 0;
        var file = Path.Combine(Root(id), "var/log/pid");
        await UntilAsync(
            () => Starts(id).Length >= starts && File.Exists(file) && int.TryParse(File.ReadAllText(file), out pid) && ProcStat.Read(pid) is { IsDead: false },
            cancellationToken);
        return pid;
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition()) await Pause(cancellationToken);
    }

    private static Task Pause(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
}
