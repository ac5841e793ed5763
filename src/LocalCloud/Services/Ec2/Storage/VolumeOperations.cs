using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Storage;

/// <summary>Volumes: those that instances start from, and those that are made by themselves, attached, and outlive instances.</summary>
internal sealed partial class VolumeOperations(CloudContext context, Ec2Store store, VolumeDisks disks)
{
    private const int SmallestGib = 1;
    private const int LargestGib = 65536;

    private static readonly TimeSpan Creating = TimeSpan.FromSeconds(5);
    private static readonly string[] Types = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateVolume", Create);
        handlers.Add("AttachVolume", Attach);
        handlers.Add("DeleteVolume", Delete);
        handlers.Add("DescribeVolumes", Describe);
    }

    private JsonObject Create(JsonObject input) => store.Change(state =>
    {
        var token = input.Text("ClientToken") is { Length: > 0 } given ? given : null;
        if (token is not null && state.Volumes.Find(volume => volume.ClientToken == token) is { } earlier) return View(state, earlier);

        var zone = input.Text("AvailabilityZone") ?? throw Ec2Errors.MissingParameter("AvailabilityZone");
        if (!context.Zones.Contains(zone)) throw new AwsException("InvalidZone.NotFound", $"The zone '{zone}' does not exist.");
        var type = input.Text("VolumeType") ?? "gp2";
        if (!Types.Contains(type)) throw Ec2Errors.InvalidParameterValue($"Value ({type}) for parameter volumeType is invalid.");
        var snapshot = input.Text("SnapshotId") is { Length: > 0 } id ? Completed(state, id) : null;
        var tags = TagRules.Specified(input, "volume");
        var volume = new VolumeRecord
        {
            Id = Ids.New("vol"),
            Zone = zone,
            SnapshotId = snapshot?.Id ?? "",
            Created = store.Now,
            AvailableAt = store.Now + context.Scale.Of(Creating),
            SizeGib = SizeOf(input, snapshot),
            Type = type,
            Encrypted = input.Flag("Encrypted") == true || snapshot?.Encrypted == true,
            ClientToken = token,
        };
        try
        {
            disks.Create(volume.Id, snapshot?.Id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AwsException("InternalError", $"The volume could not be made: {exception.Message}", 500);
        }

        state.Volumes.Add(volume);
        if (tags.TryGetValue("volume", out var values)) state.SetTags(volume.Id, values);
        return View(state, volume);
    });

    private SnapshotRecord Completed(Ec2State state, string id)
    {
        var snapshot = state.Snapshots.Find(snapshot => snapshot.Id == id) ?? throw Ec2Errors.SnapshotNotFound(id);
        if (snapshot.CompletedAt > store.Now) throw new AwsException("IncorrectState", $"Snapshot is in invalid state - pending: {id}");
        return disks.HasSnapshot(id) ? snapshot : throw Ec2Errors.InvalidParameterValue($"The snapshot '{id}' is an image's: LocalCloud makes volumes of volumes' snapshots only.");
    }

    private static int SizeOf(JsonObject input, SnapshotRecord? snapshot)
    {
        if (input.Number("Size") is not { } size)
            return snapshot?.SizeGib ?? throw new AwsException("MissingParameter", "The request must contain the parameter size or snapshotId");
        if (size is < SmallestGib or > LargestGib) throw Ec2Errors.InvalidParameterValue($"Volume of {size}GiB is not between {SmallestGib} and {LargestGib}GiB.");
        return size >= (snapshot?.SizeGib ?? 0) ? size : throw Ec2Errors.InvalidParameterValue($"The size of the volume can't be smaller than that of its snapshot, {snapshot!.SizeGib}GiB.");
    }

    private JsonObject Attach(JsonObject input) => store.Change(state =>
    {
        var volume = Named(state, input.Needed("VolumeId"));
        var instance = InstanceQueries.Named(state, [input.Needed("InstanceId")])[0];
        var device = input.Needed("Device");
        if (!DeviceName().IsMatch(device)) throw Ec2Errors.InvalidParameterValue($"Value ({device}) for parameter device is invalid. {device} is not a valid EBS device name.");
        if (volume.InstanceId is { } other) throw new AwsException("VolumeInUse", $"{volume.Id} is already attached to an instance ({other})");
        if (StateOf(volume) != "available") throw new AwsException("IncorrectState", $"Volume '{volume.Id}' is not 'available'.");
        if (instance.State is not (InstanceState.Running or InstanceState.Stopped)) throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());
        if (instance.Zone != volume.Zone)
            throw new AwsException("InvalidVolume.ZoneMismatch", $"The volume '{volume.Id}' is not in the same availability zone as instance '{instance.Id}'");
        if (device == InstanceView.RootDevice || state.Volumes.Exists(seen => seen.InstanceId == instance.Id && seen.Device == device))
            throw Ec2Errors.InvalidParameterValue($"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use");

        disks.Attach(volume.Id, new MachinePaths(context.StateDirectory, instance.Id).Root, device);
        (volume.InstanceId, volume.Device, volume.Attached, volume.DeleteOnTermination) = (instance.Id, device, store.Now, false);
        return Attachment(volume);
    });

    private JsonObject Delete(JsonObject input) => store.Change(state =>
    {
        var volume = Named(state, input.Needed("VolumeId"));
        if (volume.InstanceId is { } instance) throw new AwsException("VolumeInUse", $"Volume {volume.Id} is currently attached to {instance}");
        state.Volumes.Remove(volume);
        state.Tags.Remove(volume.Id);
        disks.Delete(volume.Id);
        return new JsonObject();
    });

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("VolumeIds");
        foreach (var id in ids) _ = Named(state, id);
        var candidates = state.Volumes.Where(volume => ids.Count == 0 || ids.Contains(volume.Id));
        var filters = new Filters(input).Knowing(
            "volume-id", "attachment.instance-id", "attachment.status", "attachment.device", "attachment.delete-on-termination",
            "availability-zone", "status", "snapshot-id", "size", "volume-type", "encrypted");
        var (page, next) = Paging.Cut(filters.Apply(candidates, Values, volume => state.TagsOf(volume.Id)), input);
        return new JsonObject { ["Volumes"] = page.ToArray(volume => View(state, volume)) }.WithNext(next);
    });

    private static VolumeRecord Named(Ec2State state, string id) => state.Volumes.Find(volume => volume.Id == id) ?? throw Ec2Errors.VolumeNotFound(id);

    private string StateOf(VolumeRecord volume) => volume.InstanceId is not null ? "in-use" : volume.AvailableAt <= store.Now ? "available" : "creating";

    private IEnumerable<string?>? Values(VolumeRecord volume, string filter) => filter switch
    {
        "volume-id" => [volume.Id],
        "attachment.instance-id" => [volume.InstanceId],
        "attachment.status" => [volume.InstanceId is null ? null : "attached"],
        "attachment.device" => [volume.InstanceId is null ? null : volume.Device ?? InstanceView.RootDevice],
        "attachment.delete-on-termination" => [volume.InstanceId is null ? null : volume.DeleteOnTermination ? "true" : "false"],
        "availability-zone" => [volume.Zone],
        "status" => [StateOf(volume)],
        "snapshot-id" => [volume.SnapshotId],
        "size" => [volume.SizeGib.ToString(CultureInfo.InvariantCulture)],
        "volume-type" => [volume.Type],
        "encrypted" => [volume.Encrypted ? "true" : "false"],
        _ => null,
    };

    private JsonObject View(Ec2State state, VolumeRecord volume) => new()
    {
        ["VolumeId"] = volume.Id,
        ["Size"] = volume.SizeGib,
        ["SnapshotId"] = volume.SnapshotId,
        ["AvailabilityZone"] = volume.Zone,
        ["State"] = StateOf(volume),
        ["CreateTime"] = volume.Created.ToIso(),
        ["VolumeType"] = volume.Type,
        ["Encrypted"] = volume.Encrypted,
        ["MultiAttachEnabled"] = false,
        ["Tags"] = state.TagList(volume.Id),
        ["Attachments"] = volume.InstanceId is null ? [] : new JsonArray(Attachment(volume)),
    };

    private static JsonObject Attachment(VolumeRecord volume) => new()
    {
        ["AttachTime"] = (volume.Attached ?? volume.Created).ToIso(),
        ["DeleteOnTermination"] = volume.DeleteOnTermination,
        ["Device"] = volume.Device ?? InstanceView.RootDevice,
        ["InstanceId"] = volume.InstanceId,
        ["State"] = "attached",
        ["VolumeId"] = volume.Id,
    };

    [GeneratedRegex("^/dev/(sd[b-z]|xvd[b-z])$")]
    private static partial Regex DeviceName();
}
