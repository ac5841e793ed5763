using System.Net;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Machines.Units;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>A switched-on instance: its metadata endpoint, its user data, its units.</summary>
internal sealed class Machine : IUnitHost, IDisposable
{
    private static readonly TimeSpan AgentStart = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ScriptGrace = TimeSpan.FromSeconds(2);

    private readonly MachineServices services;
    private readonly string id;
    private readonly IPAddress address;
    private readonly string hostname;
    private readonly UserDataScript userData;
    private readonly StateFile<MachineMemory> file;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private MachineMemory memory;
    private MetadataServer? metadata;
    private Task run = Task.CompletedTask;

    public Machine(MachineServices services, InstanceRecord instance)
    {
        this.services = services;
        id = instance.Id;
        address = IPAddress.Parse(instance.Address);
        hostname = InstanceView.DnsName(instance);
        Paths = new MachinePaths(services.Cloud.StateDirectory, id);
        Console = new MachineConsole(Paths.Console, services.Cloud.Time);
        Environment = Variables();
        userData = new UserDataScript(Paths, instance.UserData);
        Units = new UnitSet(this);
        file = new StateFile<MachineMemory>(Paths.Home, "machine");
        memory = file.Load();
    }

    public IProcessHost Processes => memory.Fault == BootFaultKind.DiskFull ? new FullDisk(services.Processes) : services.Processes;

    public TimeScale Scale => services.Cloud.Scale;

    public TimeProvider Time => services.Cloud.Time;

    public MachinePaths Paths { get; }

    public MachineConsole Console { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public UnitSet Units { get; }

    public CancellationToken Stopping => stopping.Token;

    /// <summary>When its agent began to take commands, or null if it does not.</summary>
    public DateTimeOffset? OnlineSince { get; private set; }

    /// <summary>Whether user data is over and the enabled units were started.</summary>
    public bool IsBooted => memory.Booted;

    /// <summary>The main processes of its units.</summary>
    public IReadOnlyList<ProcessHandle> MainProcesses
    {
        get
        {
            lock (gate) return [.. memory.Units.Values];
        }
    }

    /// <summary>Whether a load balancer's probes reach it.</summary>
    public bool AnswersProbes => memory.Fault != BootFaultKind.FailsProbes;

    /// <summary>Whether a load balancer takes it into service once it has passed its probes.</summary>
    public bool ComesIntoService => memory.Fault != BootFaultKind.NeverInService;

    public void Boot() => run = Task.Run(() => RunAsync(resume: false));

    public void Resume() => run = Task.Run(() => RunAsync(resume: true));

    /// <summary>A load balancer has taken it into service.</summary>
    public void CameIntoService()
    {
        if (memory.Fault == BootFaultKind.DiesInService) services.Owner.Failed(id, "the machine broke once it was in service, as was asked for.");
    }

    /// <inheritdoc/>
    public UnitFile? Load(string unitName) => UnitSet.Load(Paths, unitName);

    /// <inheritdoc/>
    public void Remember(string unitName, ProcessHandle? handle) => Remember(state =>
    {
        if (handle is null) state.Units.Remove(unitName);
        else state.Units[unitName] = handle;
    });

    /// <summary>Ends every process and its endpoint.</summary>
    public async Task StopAsync()
    {
        OnlineSince = null;
        await stopping.CancelAsync();

        // However the boot ended: what it started ends now.
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            Console.Write("systemd", "Stopping all units.");
            await Task.WhenAll(Units.StopAllAsync(), memory.UserData is { } script ? Processes.StopAsync(script, ScriptGrace, CancellationToken.None) : Task.CompletedTask);
            if (!await Sweep.RunAsync(Paths.Root, Time)) Console.Write("localcloud", "Some processes could not be ended.");
            Remember(static state => (state.UserData, state.Booted) = (null, false));
        }
        finally
        {
            if (metadata is { } server) await server.DisposeAsync();
        }

        Console.Write("systemd", "Power down.");
    }

    /// <summary>LocalCloud goes, the machine stays on.</summary>
    public async Task DetachAsync()
    {
        await stopping.CancelAsync();
        await run;
        await Units.DetachAllAsync();
        if (metadata is { } server) await server.DisposeAsync();
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync(bool resume)
    {
        try
        {
            metadata = await MetadataServer.StartAsync(address, services.Cloud, services.Credentials, () => services.Owner.Facts(id), Stopping);
            var living = resume && Adopt();
            var fault = living ? BootFault.None : services.Faults.OnBoot(id, services.Owner.Facts(id)?.Tags ?? new Dictionary<string, string>());
            if (fault.Kind == BootFaultKind.NeverBoots)
            {
                Console.Write("kernel", "Kernel panic - not syncing: a fault that was asked for.");
                return;
            }

            // A LocalCloud that was killed may have started what it had no time to remember.
            if (resume && !living) await Sweep.RunAsync(Paths.Root, Time);
            if (!living) Prepare(fault.Kind);
            await RunUserDataAsync();
            if (!memory.Booted) await StartUnitsAsync();

            // Once the boot is on record: a command that begins before would end with a restart of LocalCloud, which boots again.
            OnlineSince = Time.GetUtcNow() + Scale.Of(AgentStart);
            if (fault.Kind == BootFaultKind.Dies) services.Owner.Failed(id, "the machine broke after it booted, as was asked for.");
            if (fault.Kind == BootFaultKind.Hangs) await HangAsync(fault.After);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Switched off while it booted.
        }
#pragma warning disable CA1031 // Nobody waits for the boot: what it throws must be seen in the instance's state, not lost.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Console.Write("localcloud", $"The boot failed: {exception.Message}");
            services.Owner.Failed(id, exception.Message);
        }
    }

    /// <summary>Takes over what still runs. False if nothing does: then the machine boots again.</summary>
    private bool Adopt()
    {
        var alive = memory.Units.Values.Append(memory.UserData).Any(handle => handle is not null && Processes.IsAlive(handle));
        if (!alive && !OnlyCommandsRun()) return false;
        Console.Write("localcloud", "LocalCloud is back and takes over the processes that run.");

        // One that ended meanwhile is taken over too: its Restart= decides.
        foreach (var (name, handle) in memory.Units.ToList()) Units.Adopt(name, handle);
        return true;
    }

    /// <summary>A booted machine without units is on while a command runs in it: nothing else could be what runs there.</summary>
    private bool OnlyCommandsRun() => memory.Booted && memory.Units.Count == 0 && Proc.WithEnvironment("DESTDIR", Paths.Root).Any();

    /// <summary>Its services stand still from then on: they hold their connections, and answer nothing.</summary>
    private async Task HangAsync(TimeSpan after)
    {
        await Task.Delay(after, Time, Stopping);
        foreach (var handle in memory.Units.Values) Signals.SendToGroup(handle.Pid, Signals.Freeze);
        Console.Write("kernel", "task blocked for more than 120 seconds: a fault that was asked for.");
    }

    private void Prepare(BootFaultKind fault)
    {
        Remember(state => (state.UserData, state.Units, state.Booted, state.Fault) = (null, [], false, fault));
        Console.Write("localcloud", $"Booting {id} at {address}.");
        Directory.CreateDirectory(Paths.Below("/etc"));
        File.WriteAllText(Paths.Below("/etc/hostname"), hostname + "\n");
        var machineId = Paths.Below("/etc/machine-id");
        if (!File.Exists(machineId) || File.ReadAllText(machineId).Trim() is "" or "uninitialized")
            File.WriteAllText(machineId, Guid.NewGuid().ToString("N") + "\n");
    }

    private async Task RunUserDataAsync()
    {
        if (memory.UserData is null)
        {
            var (command, reason) = userData.Prepare();
            if (command is null)
            {
                if (!memory.Booted) Console.Write("cloud-init", $"{reason}.");
                return;
            }

            var spec = new ProcessSpec(command[0], [.. command.Skip(1)], Environment, Paths.Root, Console.Path);
            var handle = await Processes.StartAsync(spec, CancellationToken.None);
            Remember(state => state.UserData = handle);
        }

        var code = await Processes.WaitForExitAsync(memory.UserData!, Stopping);
        Console.Write("cloud-init", code == 0 ? "user data finished." : $"user data failed with {(code is null ? "an unknown status" : $"status {code}")}.");
        Remember(static state => state.UserData = null);
    }

    private async Task StartUnitsAsync()
    {
        foreach (var name in Units.Enabled())
        {
            Stopping.ThrowIfCancellationRequested();
            await Units.StartAsync(name, Stopping);
        }

        Remember(static state => state.Booted = true);
        Console.Write("systemd", "Reached target multi-user.target.");
    }

    private void Remember(Action<MachineMemory> change)
    {
        lock (gate)
        {
            var next = new MachineMemory { UserData = memory.UserData, Units = new(memory.Units), Booted = memory.Booted, Fault = memory.Fault };
            change(next);
            memory = next;
            if (Directory.Exists(Paths.Home)) file.Save(next);
        }
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["DESTDIR"] = Paths.Root,
        ["PATH"] = $"{MachinePaths.Shims(services.Cloud.StateDirectory)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = Path.Combine(Paths.Root, "root"),
        ["AWS_ENDPOINT_URL"] = services.Cloud.Endpoint.ToString().TrimEnd('/'),
        ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = $"http://{address}:{MetadataServer.Port}",

        // Many young instances share one machine here: a service of .NET spends less than half of it on compiling itself anew.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountThreshold"] = "200",
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };
}
