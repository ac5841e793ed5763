using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;
using SyncStorage.LocalCloud.Services.ServiceQuotas;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary><c>RunInstances</c>: the same token and parameters give the same instances.</summary>
internal sealed class LaunchOperations(
    CloudContext context, Ec2Store store, Lifecycle lifecycle, InstanceView view, IInstanceRuntime runtime, IAddressPool addresses,
    IInstanceProfiles profiles, IInstanceFaults faults, IImageParameters parameters)
{
    private const string ParameterPrefix = "resolve:ssm:";

    public void AddTo(Handlers handlers) => handlers.AddChecked("RunInstances", Run);

    private JsonObject Run(JsonObject input) => store.Change(state =>
    {
        var fingerprint = LaunchRequest.Fingerprint(input);
        if (Earlier(state, input, fingerprint) is { } reservation)
            return view.Reservation(state, reservation, state.Instances.Where(instance => instance.ReservationId == reservation));
        var request = LaunchRequest.Read(Resolved(input), state, context, profiles, store.Now);
        var zone = context.Zones[request.SubnetIndex];
        if (input.Flag("DryRun") == true) throw Ec2Errors.DryRun();
        CheckCpus(state, request);
        if (faults.LacksCapacity(zone, request.InstanceType)) throw Ec2Errors.Capacity(zone, request.InstanceType);

        var launched = Launch(state, request, zone);
        if (request.ClientToken is { } token) state.Launches[token] = new LaunchRecord(fingerprint, launched[0].ReservationId);
        return view.Reservation(state, launched[0].ReservationId, launched);
    });

    /// <summary>An image may be named by a parameter of Systems Manager.</summary>
    private JsonObject Resolved(JsonObject input)
    {
        if (input.Text("ImageId") is not { } image || !image.StartsWith(ParameterPrefix, StringComparison.Ordinal)) return input;
        var name = image[ParameterPrefix.Length..];
        var resolved = input.DeepClone().AsObject();
        resolved["ImageId"] = parameters.ValueOf(name) ?? throw Ec2Errors.InvalidParameterValue($"The Systems Manager parameter '{name}' can't be resolved.");
        return resolved;
    }

    private static void CheckCpus(Ec2State state, LaunchRequest request)
    {
        var running = state.Instances.Where(instance => instance.State is InstanceState.Pending or InstanceState.Running).Sum(instance => CatalogOperations.CpusOf(instance.InstanceType));
        var most = AccountQuotas.StandardCpus.Value;
        if (running + request.Count * CatalogOperations.CpusOf(request.InstanceType) > most)
            throw new AwsException("VcpuLimitExceeded", $"You have requested more vCPU capacity than your current vCPU limit of {most} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.");
    }

    private static string? Earlier(Ec2State state, JsonObject input, string fingerprint)
    {
        if (input.Text("ClientToken") is not { Length: > 0 } token) return null;
        if (token.Length > 64) throw new AwsException("InvalidParameterValue", "Client token must not exceed 64 characters.");
        if (!state.Launches.TryGetValue(token, out var launch)) return null;
        return launch.Fingerprint == fingerprint ? launch.ReservationId : throw Ec2Errors.IdempotentMismatch();
    }

    private List<InstanceRecord> Launch(Ec2State state, LaunchRequest request, string zone)
    {
        var reservation = Ids.New("r");
        var instances = new List<InstanceRecord>();
        try
        {
            for (var index = 0; index < request.Count; index++)
            {
                var instance = Record(request, zone, reservation, index);
                instances.Add(instance);
                runtime.CreateRoot(instance.Id, request.Image.Id);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            foreach (var instance in instances) Undo(instance);
            throw new AwsException("InternalError", $"The instance's disk could not be made: {exception.Message}", 500);
        }

        foreach (var instance in instances) Enter(state, request, instance);
        return instances;
    }

    private void Undo(InstanceRecord instance)
    {
        runtime.Discard(instance.Id);
        runtime.Forget(instance.Id);
    }

    private void Enter(Ec2State state, LaunchRequest request, InstanceRecord instance)
    {
        var volume = request.RootVolume;
        state.Instances.Add(instance);
        state.Volumes.Add(new VolumeRecord
        {
            Id = instance.VolumeId,
            InstanceId = instance.Id,
            Zone = instance.Zone,
            SnapshotId = request.Image.SnapshotId,
            Created = store.Now,
            SizeGib = volume?.Number("VolumeSize") ?? 8,
            Type = volume?.Text("VolumeType") ?? "gp3",
            Encrypted = volume?.Flag("Encrypted") == true || state.IsEncrypted(request.Image),
            DeleteOnTermination = volume?.Flag("DeleteOnTermination") ?? true,
        });
        foreach (var (type, tags) in request.Tags)
            state.SetTags(type switch { "instance" => instance.Id, "volume" => instance.VolumeId, _ => instance.InterfaceId }, tags);
        lifecycle.Start(instance, store.Now);
    }

    private InstanceRecord Record(LaunchRequest request, string zone, string reservation, int index)
    {
        var id = Ids.New("i");
        var options = request.Input.Part("MetadataOptions");
        return new InstanceRecord
        {
            Id = id,
            ReservationId = reservation,
            ImageId = request.Image.Id,
            Architecture = request.Image.Architecture,
            InstanceType = request.InstanceType,
            SubnetId = CloudContext.SubnetIds[request.SubnetIndex],
            Zone = zone,
            Address = addresses.Lease(id, MetadataServer.Port).ToString(),
            VolumeId = Ids.New("vol"),
            InterfaceId = Ids.New("eni"),
            LaunchIndex = index,
            ClientToken = request.ClientToken,
            KeyName = request.Input.Text("KeyName"),
            GroupIds = request.GroupIds,
            Profile = request.Profile?.Name,
            ProfileArn = request.Profile?.Arn,
            ProfileId = request.Profile?.Id,
            ProfileAssociation = request.Profile is null ? null : Ids.New("iip-assoc"),
            UserData = request.Input.Text("UserData"),
            TerminateOnShutdown = request.TerminateOnShutdown,
            DisableApiTermination = request.Input.Flag("DisableApiTermination") ?? false,
            DisableApiStop = request.Input.Flag("DisableApiStop") ?? false,
            EbsOptimized = request.Input.Flag("EbsOptimized") ?? false,
            DetailedMonitoring = request.Input.Part("Monitoring")?.Flag("Enabled") ?? false,
            MetadataEnabled = (options?.Text("HttpEndpoint") ?? "enabled") == "enabled",
            MetadataTokensRequired = (options?.Text("HttpTokens") ?? "required") == "required",
            MetadataTags = options?.Text("InstanceMetadataTags") == "enabled",
            MetadataHopLimit = options?.Number("HttpPutResponseHopLimit") ?? 2,
            LaunchTime = store.Now,
        };
    }
}
