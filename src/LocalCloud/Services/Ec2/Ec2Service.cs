using System.Net;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Groups;
using SyncStorage.LocalCloud.Services.Ec2.Images;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Keys;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;
using SyncStorage.LocalCloud.Services.Ec2.Storage;

namespace SyncStorage.LocalCloud.Services.Ec2;

/// <summary>EC2: instances that boot, images of their disks, security groups, and what every account finds.</summary>
internal sealed class Ec2Service : IAwsService, IInstanceDirectory, ISecurityGroupDirectory, IMachineOwner, IInstanceQueries, IDisposable
{
    private readonly Handlers handlers = [];
    private readonly Ec2Store store;
    private readonly Lifecycle lifecycle;
    private readonly IInstanceRuntime runtime;
    private readonly GroupOperations groups;

    public Ec2Service(
        CloudContext context, IInstanceRuntime runtime, IAddressPool addresses, IInstanceProfiles profiles, IInstanceFaults faults, IImageParameters parameters,
        ILogger<Ec2Service> logger)
    {
        this.runtime = runtime;
        lifecycle = new Lifecycle(context, runtime, logger);
        store = new Ec2Store(context, lifecycle, logger);
        groups = new GroupOperations(context, store);
        var view = new InstanceView(context);
        new LaunchOperations(context, store, lifecycle, view, runtime, addresses, profiles, faults, parameters).AddTo(handlers);
        new ProfileOperations(store, profiles).AddTo(handlers);
        new InstanceQueries(context, store, view, runtime).AddTo(handlers);
        new InstanceOperations(store, lifecycle, runtime).AddTo(handlers);
        new AttributeOperations(store).AddTo(handlers);
        new InterfaceOperations(context, store).AddTo(handlers);
        new ImageOperations(context, store, runtime).AddTo(handlers);
        new ImageAttributeOperations(store).AddTo(handlers);
        var disks = new VolumeDisks(context.StateDirectory);
        new SnapshotOperations(context, store, disks).AddTo(handlers);
        new VolumeOperations(context, store, disks).AddTo(handlers);
        new RuleOperations(context, store).AddTo(handlers);
        new KeyPairOperations(store).AddTo(handlers);
        new TagOperations(store).AddTo(handlers);
        new CatalogOperations(context, store).AddTo(handlers);
        groups.AddTo(handlers);
        store.Change(static state =>
        {
            BaseImages.Seed(state);
            GroupOperations.Seed(state);
            return true;
        });
    }

    /// <inheritdoc/>
    public string Name => "ec2";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations => handlers;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (runtime is InstanceRuntime machines) machines.Start(this);
        store.Change(state =>
        {
            lifecycle.Resume(state);
            return true;
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        store.Dispose();
        if (runtime is InstanceRuntime machines) await machines.StopAllAsync(keepProcesses);
    }

    /// <inheritdoc/>
    public IPAddress? AddressOf(string instanceId) => store.Read(state =>
        state.Instances.Find(instance => instance.Id == instanceId) is { State: InstanceState.Running } instance ? IPAddress.Parse(instance.Address) : null);

    /// <inheritdoc/>
    bool IInstanceDirectory.Exists(string instanceId) => store.Read(state => state.Instances.Exists(instance => instance.Id == instanceId && instance.Exists));

    /// <inheritdoc/>
    public bool AnswersProbes(string instanceId) => runtime is not InstanceRuntime machines || machines.AnswersProbes(instanceId);

    /// <inheritdoc/>
    public bool ComesIntoService(string instanceId) => runtime is not InstanceRuntime machines || machines.ComesIntoService(instanceId);

    /// <inheritdoc/>
    public void CameIntoService(string instanceId) => (runtime as InstanceRuntime)?.CameIntoService(instanceId);

    /// <inheritdoc/>
    bool ISecurityGroupDirectory.Exists(string groupId) => groups.Exists(groupId);

    /// <inheritdoc/>
    public string? NameOf(string groupId) => groups.NameOf(groupId);

    /// <inheritdoc/>
    public void RegisterUser(Func<string, bool> usesGroup) => groups.RegisterUser(usesGroup);

    /// <inheritdoc/>
    public IReadOnlyList<MetadataFacts> Running() => store.Read(state =>
        state.Instances.Where(instance => instance.State == InstanceState.Running).Select(instance => FactsOf(state, instance)).ToList());

    /// <inheritdoc/>
    public MetadataFacts? Facts(string instanceId) => store.Read(state =>
        state.Instances.Find(instance => instance.Id == instanceId) is { } instance ? FactsOf(state, instance) : null);

    /// <inheritdoc/>
    public void ProcessesEnded(string instanceId) => Change(instanceId, instance => instance.ProcessesEnded = true);

    /// <inheritdoc/>
    public void PoweredOff(string instanceId) => Change(instanceId, instance =>
    {
        if (instance.State != InstanceState.Running) return;
        if (instance.TerminateOnShutdown) lifecycle.Terminate(instance, store.Now, fromWithin: true);
        else lifecycle.Stop(instance, store.Now, fromWithin: true);
    });

    /// <inheritdoc/>
    public void RebootRequested(string instanceId) => Change(instanceId, instance =>
    {
        if (instance.State == InstanceState.Running) runtime.Reboot(instance);
    });

    /// <inheritdoc/>
    public void Failed(string instanceId, string reason) => Change(instanceId, instance => lifecycle.Fail(instance, store.Now, reason));

    public void Dispose() => store.Dispose();

    private static MetadataFacts FactsOf(Ec2State state, InstanceRecord instance) => new(
        instance,
        [.. instance.GroupIds.Select(id => state.Groups.Find(group => group.Id == id)?.Name ?? id)],
        new Dictionary<string, string>(state.TagsOf(instance.Id)),
        state.KeyPairs.Find(pair => pair.Name == instance.KeyName)?.PublicKey);

    private void Change(string instanceId, Action<InstanceRecord> change) => store.Change(state =>
    {
        if (state.Instances.Find(instance => instance.Id == instanceId) is { } instance) change(instance);
        return true;
    });
}
