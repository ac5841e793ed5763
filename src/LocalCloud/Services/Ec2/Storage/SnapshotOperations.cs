using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Storage;

/// <summary>Snapshots: those that images are made of, and copies of volumes.</summary>
internal sealed class SnapshotOperations(CloudContext context, Ec2Store store, VolumeDisks disks)
{
    private static readonly TimeSpan Copying = TimeSpan.FromSeconds(60);

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateSnapshot", CreateSnapshotAsync);
        handlers.Add("DescribeSnapshots", DescribeSnapshots);
        handlers.Add("DeleteSnapshot", DeleteSnapshot);
    }

    /// <summary>
    /// Copies a volume while no process of its instance runs: what the kernel has then is what the volume holds at one point in time, as on AWS. What
    /// programs have not written yet is not in it.
    /// </summary>
    private async Task<ApiResult> CreateSnapshotAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        if (input.Flag("DryRun") == true) throw Ec2Errors.DryRun();
        var tags = TagRules.Specified(input, "snapshot");
        var volume = store.Read(state => Copyable(state, input.Needed("VolumeId")));
        var snapshot = new SnapshotRecord
        {
            Id = Ids.New("snap"),
            VolumeId = volume.Id,
            Description = input.Text("Description") ?? "",
            Started = store.Now,
            CompletedAt = store.Now + context.Scale.Of(Copying),
            Encrypted = volume.Encrypted,
            SizeGib = volume.SizeGib,
        };
        try
        {
            await using var still = volume.InstanceId is { } instance
                ? await FrozenInstance.FreezeAsync(new MachinePaths(context.StateDirectory, instance).Root, context.Time, cancellationToken)
                : null;
            await Task.Run(() => disks.CreateSnapshot(volume.Id, snapshot.Id), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new AwsException("InternalError", $"The snapshot could not be made: {exception.Message}", 500);
        }

        return store.Change(state =>
        {
            state.Snapshots.Add(snapshot);
            if (tags.TryGetValue("snapshot", out var values)) state.SetTags(snapshot.Id, values);
            return View(state, snapshot);
        });
    }

    private VolumeRecord Copyable(Ec2State state, string id)
    {
        var volume = state.Volumes.Find(volume => volume.Id == id) ?? throw Ec2Errors.VolumeNotFound(id);
        if (volume.IsRoot) throw Ec2Errors.InvalidParameterValue($"{id} is what an instance started from: LocalCloud copies such a volume by CreateImage only.");
        return volume.AvailableAt <= store.Now ? volume : throw new AwsException("IncorrectState", $"Volume '{id}' is in the 'creating' state.");
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
            ["VolumeSize"] = snapshot.SizeGib,
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
        disks.DeleteSnapshot(id);
        return new JsonObject();
    });
}
