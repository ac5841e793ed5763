using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Images;

/// <summary>Snapshots (of images) and volumes (of instances).</summary>
internal sealed class StorageOperations(CloudContext context, Ec2Store store)
{
    public void AddTo(Handlers handlers)
    {
        handlers.Add("DescribeSnapshots", DescribeSnapshots);
        handlers.Add("DeleteSnapshot", DeleteSnapshot);
        handlers.Add("DescribeVolumes", DescribeVolumes);
    }

    private JsonObject DescribeSnapshots(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("SnapshotIds");
        foreach (var id in ids)
        {
            if (!state.Snapshots.Exists(snapshot => snapshot.Id == id)) throw Ec2Errors.SnapshotNotFound(id);
        }

        var owners = input.Texts("OwnerIds");
        var candidates = state.Snapshots
            .Where(snapshot => ids.Count == 0 || ids.Contains(snapshot.Id))
            .Where(_ => owners.Count == 0 || owners.Contains("self") || owners.Contains(context.AccountId));
        var filters = new Filters(input).Knowing("snapshot-id", "volume-id", "status", "description", "owner-id", "start-time");
        var (page, next) = Paging.Cut(filters.Apply(candidates, Values, snapshot => state.TagsOf(snapshot.Id)), input);
        return new JsonObject { ["Snapshots"] = page.ToArray(snapshot => View(state, snapshot)) }.WithNext(next);
    });

    private IEnumerable<string?>? Values(SnapshotRecord snapshot, string filter) => filter switch
    {
        "snapshot-id" => [snapshot.Id],
        "volume-id" => [snapshot.VolumeId],
        "status" => [StateOf(snapshot)],
        "description" => [snapshot.Description],
        "owner-id" => [context.AccountId],
        "start-time" => [snapshot.Started.ToIso()],
        _ => null,
    };

    private string StateOf(SnapshotRecord snapshot) => snapshot.CompletedAt <= store.Now ? "completed" : "pending";

    private JsonObject View(Ec2State state, SnapshotRecord snapshot)
    {
        var completed = StateOf(snapshot) == "completed";
        var view = new JsonObject
        {
            ["SnapshotId"] = snapshot.Id,
            ["VolumeId"] = snapshot.VolumeId,
            ["State"] = StateOf(snapshot),
            ["StartTime"] = snapshot.Started.ToIso(),
            ["Progress"] = completed ? "100%" : "0%",
            ["OwnerId"] = context.AccountId,
            ["Description"] = snapshot.Description,
            ["VolumeSize"] = 8,
            ["Encrypted"] = snapshot.Encrypted,
            ["Tags"] = state.TagList(snapshot.Id),
            ["StorageTier"] = "standard",
        };
        if (completed) view["CompletionTime"] = snapshot.CompletedAt.ToIso();
        return view;
    }

    private JsonObject DeleteSnapshot(JsonObject input) => store.Change(state =>
    {
        var id = input.Needed("SnapshotId");
        var snapshot = state.Snapshots.Find(snapshot => snapshot.Id == id) ?? throw Ec2Errors.SnapshotNotFound(id);
        if (state.Images.Find(image => image.SnapshotId == id) is { } image) throw Ec2Errors.SnapshotInUse(id, image.Id);
        state.Snapshots.Remove(snapshot);
        state.Tags.Remove(id);
        return new JsonObject();
    });

    private JsonObject DescribeVolumes(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("VolumeIds");
        foreach (var id in ids)
        {
            if (!state.Volumes.Exists(volume => volume.Id == id)) throw Ec2Errors.VolumeNotFound(id);
        }

        var candidates = state.Volumes.Where(volume => ids.Count == 0 || ids.Contains(volume.Id));
        var filters = new Filters(input).Knowing(
            "volume-id", "attachment.instance-id", "attachment.status", "attachment.device", "attachment.delete-on-termination",
            "availability-zone", "status", "snapshot-id", "size", "volume-type", "encrypted");
        var (page, next) = Paging.Cut(filters.Apply(candidates, VolumeValues, volume => state.TagsOf(volume.Id)), input);
        return new JsonObject { ["Volumes"] = page.ToArray(volume => VolumeView(state, volume)) }.WithNext(next);
    });

    private static IEnumerable<string?>? VolumeValues(VolumeRecord volume, string filter) => filter switch
    {
        "volume-id" => [volume.Id],
        "attachment.instance-id" => [volume.InstanceId],
        "attachment.status" => ["attached"],
        "attachment.device" => [InstanceView.RootDevice],
        "attachment.delete-on-termination" => [volume.DeleteOnTermination ? "true" : "false"],
        "availability-zone" => [volume.Zone],
        "status" => ["in-use"],
        "snapshot-id" => [volume.SnapshotId],
        "size" => [volume.SizeGib.ToString(CultureInfo.InvariantCulture)],
        "volume-type" => [volume.Type],
        "encrypted" => [volume.Encrypted ? "true" : "false"],
        _ => null,
    };

    private static JsonObject VolumeView(Ec2State state, VolumeRecord volume) => new()
    {
        ["VolumeId"] = volume.Id,
        ["Size"] = volume.SizeGib,
        ["SnapshotId"] = volume.SnapshotId,
        ["AvailabilityZone"] = volume.Zone,
        ["State"] = "in-use",
        ["CreateTime"] = volume.Created.ToIso(),
        ["VolumeType"] = volume.Type,
        ["Encrypted"] = volume.Encrypted,
        ["MultiAttachEnabled"] = false,
        ["Tags"] = state.TagList(volume.Id),
        ["Attachments"] = new JsonArray(new JsonObject
        {
            ["AttachTime"] = volume.Created.ToIso(),
            ["DeleteOnTermination"] = volume.DeleteOnTermination,
            ["Device"] = InstanceView.RootDevice,
            ["InstanceId"] = volume.InstanceId,
            ["State"] = "attached",
            ["VolumeId"] = volume.Id,
        }),
    };
}
