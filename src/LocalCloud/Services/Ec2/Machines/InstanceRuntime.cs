using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Images;
using SyncStorage.LocalCloud.Services.Ec2.Machines.Control;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>The machines behind the instances, as processes of this machine.</summary>
internal sealed partial class InstanceRuntime(
    CloudContext context,
    IProcessHost processes,
    ICredentialStore credentials,
    IAddressPool addresses,
    IInstanceFaults faults,
    ILogger<InstanceRuntime> logger) : IInstanceRuntime, IInstanceShells, IDisposable
{
    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Machine> machines = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> queues = new(StringComparer.Ordinal);
    private MachineServices? services;
    private ITimer? trimming;
    private bool closed;
    private ControlChannel? control;

    /// <summary>Opens for business.</summary>
    public void Start(IMachineOwner owner)
    {
        services = new MachineServices(context, processes, credentials, faults, owner);
        Shims.Write(MachinePaths.Shims(context.StateDirectory), MachinePaths.Control(context.StateDirectory));
        control = new ControlChannel(MachinePaths.Control(context.StateDirectory), context.Time, AnswerAsync);
        trimming = context.Time.CreateTimer(_ => TrimConsoles(), null, TrimInterval, TrimInterval);
    }

    /// <summary>Ends all machines, or leaves their processes alone.</summary>
    public async Task StopAllAsync(bool keepProcesses)
    {
        Dispose();
        Task[] pending;
        lock (gate)
        {
            // A call that is still under way must not boot what nobody would end.
            closed = true;
            pending = [.. queues.Values];
        }

        await Task.WhenAll(pending);
        await Task.WhenAll(machines.Values.Select(machine => keepProcesses ? machine.DetachAsync() : machine.StopAsync()));
        foreach (var machine in machines.Values) machine.Dispose();
        machines.Clear();
    }

    /// <inheritdoc/>
    public InstanceShell? ShellOf(string instanceId) => machines.TryGetValue(instanceId, out var machine) && machine.OnlineSince is { } since && since <= context.Time.GetUtcNow()
        ? new InstanceShell(machine.Paths, machine.Environment, since)
        : null;

    /// <summary>The main processes of each running instance's services.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ProcessHandle>> MainProcesses => machines.ToDictionary(pair => pair.Key, pair => pair.Value.MainProcesses, StringComparer.Ordinal);

    /// <summary>Whether a load balancer's probes reach the instance.</summary>
    public bool AnswersProbes(string instanceId) => !machines.TryGetValue(instanceId, out var machine) || machine.AnswersProbes;

    /// <summary>Whether a load balancer takes the instance into service.</summary>
    public bool ComesIntoService(string instanceId) => !machines.TryGetValue(instanceId, out var machine) || machine.ComesIntoService;

    /// <summary>A load balancer has taken the instance into service.</summary>
    public void CameIntoService(string instanceId)
    {
        if (machines.TryGetValue(instanceId, out var machine)) machine.CameIntoService();
    }

    /// <inheritdoc/>
    public void CreateRoot(string instanceId, string imageId)
    {
        var image = MachinePaths.ImageRoot(context.StateDirectory, imageId);
        if (!Directory.Exists(image))
        {
            if (!BaseImages.IsBase(imageId)) throw new IOException($"The directory of image {imageId} is gone.");
            DiskTree.Seed(image, imageId);
        }

        var paths = new MachinePaths(context.StateDirectory, instanceId);
        Directory.CreateDirectory(paths.Home);
        DiskTree.Copy(image, paths.Root);
    }

    /// <inheritdoc/>
    public void CaptureImage(string instanceId, string imageId) =>
        DiskTree.Copy(new MachinePaths(context.StateDirectory, instanceId).Root, MachinePaths.ImageRoot(context.StateDirectory, imageId));

    /// <inheritdoc/>
    public void DeleteImage(string imageId) => DiskTree.Delete(Path.GetDirectoryName(MachinePaths.ImageRoot(context.StateDirectory, imageId))!);

    /// <inheritdoc/>
    public string ConsoleOutput(string instanceId) => MachineConsole.Read(new MachinePaths(context.StateDirectory, instanceId).Console);

    /// <inheritdoc/>
    public void Boot(InstanceRecord instance) => Enqueue(instance.Id, () => SwitchOn(instance).Boot());

    /// <inheritdoc/>
    public void Resume(InstanceRecord instance) => Enqueue(instance.Id, () => SwitchOn(instance).Resume());

    /// <inheritdoc/>
    public void Stop(string instanceId) => Enqueue(instanceId, async () =>
    {
        try
        {
            await SwitchOffAsync(instanceId);
        }
        catch (IOException exception)
        {
            // On a full disk nothing can be written down, but the instance has to come to its end all the same.
            LogFailed(exception, instanceId);
            await Sweep.RunAsync(new MachinePaths(context.StateDirectory, instanceId).Root, context.Time);
        }

        services!.Owner.ProcessesEnded(instanceId);
    });

    /// <inheritdoc/>
    public void Reboot(InstanceRecord instance) => Enqueue(instance.Id, async () =>
    {
        await SwitchOffAsync(instance.Id);
        SwitchOn(instance).Boot();
    });

    /// <inheritdoc/>
    public void Discard(string instanceId)
    {
        addresses.Release(instanceId);
        credentials.Revoke(instanceId);
        Enqueue(instanceId, () =>
        {
            var paths = new MachinePaths(context.StateDirectory, instanceId);
            DiskTree.Delete(paths.Root);
            DiskTree.Delete(paths.Commands);
            DiskTree.Delete(Path.Combine(paths.Home, "state"));
        });
    }

    /// <inheritdoc/>
    public void Forget(string instanceId) => Enqueue(instanceId, () => DiskTree.Delete(new MachinePaths(context.StateDirectory, instanceId).Home));

    public void Dispose()
    {
        control?.Dispose();
        trimming?.Dispose();
    }

    private void TrimConsoles()
    {
        foreach (var machine in machines.Values) machine.Console.Trim();
    }

    private Machine SwitchOn(InstanceRecord instance) => machines[instance.Id] = new Machine(services!, instance);

    private async Task SwitchOffAsync(string instanceId)
    {
        if (machines.TryRemove(instanceId, out var machine))
        {
            await machine.StopAsync();
            machine.Dispose();
        }
        else
        {
            // An earlier LocalCloud began to stop it.
            await Sweep.RunAsync(new MachinePaths(context.StateDirectory, instanceId).Root, context.Time);
        }
    }

    private void Enqueue(string instanceId, Action work) => Enqueue(instanceId, () =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>What happens to one machine happens in order.</summary>
    private void Enqueue(string instanceId, Func<Task> work)
    {
        lock (gate)
        {
            if (closed) return;
            foreach (var (id, _) in queues.Where(queue => queue.Value.IsCompleted && queue.Key != instanceId).ToList()) queues.Remove(id);
            var before = queues.GetValueOrDefault(instanceId, Task.CompletedTask);
            queues[instanceId] = Task.Run(async () =>
            {
                await before;
                await GuardAsync(instanceId, work);
            });
        }
    }

    private async Task GuardAsync(string instanceId, Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Nobody waits for a step: what it throws would be lost, and with it every later step of this machine.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, instanceId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A step of instance {InstanceId} failed.")]
    private partial void LogFailed(Exception exception, string instanceId);
}
