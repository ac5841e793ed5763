using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Images;

/// <summary>Images are made of instances' disks; their names are unique.</summary>
internal sealed partial class ImageOperations(CloudContext context, Ec2Store store, IInstanceRuntime runtime)
{
    private static readonly TimeSpan Copying = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    // Whoever looks whether it has gone must be told so, however fast the clock goes.
    private static readonly TimeSpan RememberedAtLeast = TimeSpan.FromMinutes(5);

    private static readonly string[] FilterNames =
    [
        "image-id", "name", "state", "architecture", "owner-id", "owner-alias", "is-public", "description", "root-device-type", "virtualization-type",
        "creation-date", "image-type", "source-instance-id", "block-device-mapping.snapshot-id", "ena-support", "hypervisor", "root-device-name",
    ];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateImage", Create);
        handlers.Add("DescribeImages", Describe);
        handlers.Add("DeregisterImage", Deregister);
    }

    private JsonObject Create(JsonObject input) => store.Change(state =>
    {
        var instance = InstanceQueries.Named(state, [input.Needed("InstanceId")])[0];
        var name = input.Needed("Name");
        var tags = TagRules.Specified(input, "image", "snapshot");
        if (!NamePattern().IsMatch(name))
            throw new AwsException("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'");
        if (state.Images.Find(image => image.Name == name && !image.IsBase) is { } other) throw Ec2Errors.ImageDuplicate(name, other.Id);
        if (instance.State is not (InstanceState.Running or InstanceState.Stopped))
            throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());

        var image = Record(instance, name, input.Text("Description") ?? "");
        runtime.CaptureImage(instance.Id, image.Id);
        state.Images.Add(image);
        state.Snapshots.Add(new SnapshotRecord
        {
            Id = image.SnapshotId,
            VolumeId = instance.VolumeId,
            Description = $"Created by CreateImage({instance.Id}) for {image.Id}",
            Started = store.Now,
            CompletedAt = image.AvailableAt,
            Encrypted = state.Volumes.Exists(volume => volume.Id == instance.VolumeId && volume.Encrypted),
        });
        foreach (var (type, values) in tags) state.SetTags(type == "image" ? image.Id : image.SnapshotId, values);
        if (instance.State == InstanceState.Running && input.Flag("NoReboot") != true) runtime.Reboot(instance);
        return new JsonObject { ["ImageId"] = image.Id };
    });

    private ImageRecord Record(InstanceRecord instance, string name, string description) => new()
    {
        Id = Ids.New("ami"),
        Name = name,
        Description = description,
        Architecture = instance.Architecture,
        Created = store.Now,
        AvailableAt = store.Now + context.Scale.Of(Copying),
        SnapshotId = Ids.New("snap"),
        SourceInstanceId = instance.Id,
        SourceImageId = instance.ImageId,
    };

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var (page, next) = Paging.Cut(Select(state, input), input, smallest: 1);
        return new JsonObject { ["Images"] = page.ToArray(image => View(state, image)) }.WithNext(next);
    });

    private IEnumerable<ImageRecord> Select(Ec2State state, JsonObject input)
    {
        var ids = input.Texts("ImageIds");
        foreach (var id in ids)
        {
            if (!Ids.IsWellFormed("ami", id)) throw Ec2Errors.ImageMalformed(id);

            // Who asks for an image that was deregistered not long ago gets an empty answer.
            if (!state.Images.Exists(image => image.Id == id) && !(state.Deregistered.TryGetValue(id, out var until) && until > store.Now)) throw Ec2Errors.ImageNotFound(id);
        }

        var owners = input.Texts("Owners");
        var candidates = state.Images
            .Where(image => ids.Count == 0 || ids.Contains(image.Id))
            .Where(image => owners.Count == 0 || owners.Any(owner => Owns(owner, image)));
        return new Filters(input).Knowing(FilterNames).Apply(candidates, Values, image => state.TagsOf(image.Id));
    }

    private bool Owns(string owner, ImageRecord image) => owner switch
    {
        "self" => !image.IsBase,
        "amazon" => image.IsBase,
        _ => owner == OwnerOf(image),
    };

    private string OwnerOf(ImageRecord image) => image.IsBase ? BaseImages.Owner : context.AccountId;

    private string StateOf(ImageRecord image) => image.AvailableAt <= store.Now ? "available" : "pending";

    private IEnumerable<string?>? Values(ImageRecord image, string filter) => filter switch
    {
        "image-id" => [image.Id],
        "name" => [image.Name],
        "state" => [StateOf(image)],
        "architecture" => [image.Architecture],
        "owner-id" => [OwnerOf(image)],
        "owner-alias" => [image.IsBase ? "amazon" : null],
        "is-public" => [image.IsPublic ? "true" : "false"],
        "description" => [image.Description],
        "root-device-type" => ["ebs"],
        "root-device-name" => [InstanceView.RootDevice],
        "virtualization-type" => ["hvm"],
        "hypervisor" => ["xen"],
        "ena-support" => ["true"],
        "image-type" => ["machine"],
        "creation-date" => [image.Created.ToIso()],
        "source-instance-id" => [image.SourceInstanceId],
        "block-device-mapping.snapshot-id" => [image.SnapshotId],
        _ => null,
    };

    private JsonObject View(Ec2State state, ImageRecord image)
    {
        var view = new JsonObject
        {
            ["ImageId"] = image.Id,
            ["ImageLocation"] = $"{(image.IsBase ? "amazon" : context.AccountId)}/{image.Name}",
            ["State"] = StateOf(image),
            ["OwnerId"] = OwnerOf(image),
            ["CreationDate"] = image.Created.ToIso(),
            ["Public"] = image.IsPublic,
            ["Architecture"] = image.Architecture,
            ["ImageType"] = "machine",
            ["PlatformDetails"] = "Linux/UNIX",
            ["UsageOperation"] = "RunInstances",
            ["BlockDeviceMappings"] = new JsonArray(new JsonObject
            {
                ["DeviceName"] = InstanceView.RootDevice,
                ["Ebs"] = new JsonObject
                {
                    ["DeleteOnTermination"] = true,
                    ["SnapshotId"] = image.SnapshotId,
                    ["VolumeSize"] = 8,
                    ["VolumeType"] = "gp3",
                    ["Encrypted"] = state.IsEncrypted(image),
                },
            }),
            ["Description"] = image.Description,
            ["EnaSupport"] = true,
            ["Hypervisor"] = "xen",
            ["Name"] = image.Name,
            ["RootDeviceName"] = InstanceView.RootDevice,
            ["RootDeviceType"] = "ebs",
            ["SriovNetSupport"] = "simple",
            ["Tags"] = state.TagList(image.Id),
            ["VirtualizationType"] = "hvm",
            ["BootMode"] = "uefi-preferred",
            ["ImdsSupport"] = "v2.0",
        };
        if (image.IsBase) view["ImageOwnerAlias"] = "amazon";
        if (image.SourceInstanceId is { } source) view["SourceInstanceId"] = source;
        if (image.SourceImageId is { } parent) (view["SourceImageId"], view["SourceImageRegion"]) = (parent, context.Region);
        return view;
    }

    private JsonObject Deregister(JsonObject input) => store.Change(state =>
    {
        var id = input.Needed("ImageId");
        if (!Ids.IsWellFormed("ami", id)) throw Ec2Errors.ImageMalformed(id);
        var image = state.Images.Find(image => image.Id == id) ?? throw Ec2Errors.ImageNotFound(id);
        if (image.IsBase) throw new AwsException("AuthFailure", $"Not authorized for image: [{id}]", 403);
        state.Images.Remove(image);
        Remember(state, id);
        state.Tags.Remove(id);
        runtime.DeleteImage(id);
        var output = new JsonObject { ["Return"] = true };
        if (input.Flag("DeleteAssociatedSnapshots") != true) return output;
        state.Snapshots.RemoveAll(snapshot => snapshot.Id == image.SnapshotId);
        state.Tags.Remove(image.SnapshotId);
        output["DeleteSnapshotResults"] = new JsonArray(new JsonObject { ["SnapshotId"] = image.SnapshotId, ["ReturnCode"] = "success" });
        return output;
    });

    private void Remember(Ec2State state, string id)
    {
        foreach (var (forgotten, _) in state.Deregistered.Where(one => one.Value <= store.Now).ToList()) state.Deregistered.Remove(forgotten);
        var remembered = context.Scale.Of(Remembered);
        state.Deregistered[id] = store.Now + (remembered < RememberedAtLeast ? RememberedAtLeast : remembered);
    }

    [GeneratedRegex(@"^[A-Za-z0-9()\[\] ./\-'@_]{3,128}$")]
    private static partial Regex NamePattern();
}
