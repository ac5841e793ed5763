using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Images;

/// <summary>One attribute of one image a call: its description, and who may launch it.</summary>
internal sealed class ImageAttributeOperations(Ec2Store store)
{
    public void AddTo(Handlers handlers)
    {
        handlers.Add("DescribeImageAttribute", Describe);
        handlers.Add("ModifyImageAttribute", Modify);
    }

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var image = Named(state, input);
        var attribute = input.Needed("Attribute");
        var (name, value) = attribute switch
        {
            "description" => ("Description", (JsonNode)Value(image.Description)),
            "launchPermission" => ("LaunchPermissions", image.Launchers.ToArray(Permission)),
            "productCodes" => ("ProductCodes", new JsonArray()),

            // AWS shows it to nobody any more: DescribeImages has it.
            "blockDeviceMapping" => throw new AwsException("AuthFailure", "Not authorized for attribute blockDeviceMapping", 403),
            "sriovNetSupport" => ("SriovNetSupport", Value("simple")),
            "bootMode" => ("BootMode", Value("uefi-preferred")),
            "imdsSupport" => ("ImdsSupport", Value("v2.0")),
            _ => throw Unsupported(attribute),
        };
        return new JsonObject { ["ImageId"] = image.Id, [name] = value };
    });

    private JsonObject Modify(JsonObject input) => store.Change(state =>
    {
        var image = Named(state, input);
        if (image.IsBase) throw new AwsException("AuthFailure", $"Not authorized for image:{image.Id}", 403);
        if (input.Part("Description") is { } description)
        {
            image.Description = description.Text("Value") ?? "";
            return new JsonObject();
        }

        if (input.Part("LaunchPermission") is { } permission)
        {
            var (added, removed) = (Launchers(permission.Parts("Add")), Launchers(permission.Parts("Remove")));
            image.Launchers = [.. image.Launchers.Except(removed).Union(added)];
            return new JsonObject();
        }

        switch (input.Text("Attribute"))
        {
            case "description":
                image.Description = input.Text("Value") ?? "";
                break;
            case "launchPermission":
                var named = input.Texts("UserIds").Select(Account).Concat(input.Texts("UserGroups").Select(Group)).ToList();
                image.Launchers = input.Text("OperationType") switch
                {
                    "add" => [.. image.Launchers.Union(named)],
                    "remove" => [.. image.Launchers.Except(named)],
                    var other => throw Ec2Errors.InvalidParameterValue($"Value ({other}) for parameter operationType is invalid. Valid values: add, remove"),
                };
                break;
            case { } other:
                throw Unsupported(other);
            default:
                throw Ec2Errors.InvalidParameterCombination("No attributes specified.");
        }

        return new JsonObject();
    });

    private static ImageRecord Named(Ec2State state, JsonObject input)
    {
        var id = input.Needed("ImageId");
        if (!Ids.IsWellFormed("ami", id)) throw Ec2Errors.ImageMalformed(id);
        return state.Images.Find(image => image.Id == id) ?? throw Ec2Errors.ImageNotFound(id);
    }

    private static List<string> Launchers(IReadOnlyList<JsonObject> permissions) =>
        [.. permissions.Select(one => one.Text("Group") is { } group ? Group(group) : Account(one.Needed("UserId")))];

    private static string Group(string name) => name == "all" ? name
        : throw new AwsException("InvalidAMIAttributeItemValue", $"Invalid attribute item value \"{name}\" for group item type.");

    private static string Account(string id) => id.Length == 12 && id.All(char.IsAsciiDigit) ? id
        : throw new AwsException("InvalidAMIAttributeItemValue", $"Invalid attribute item value \"{id}\" for userId item type.");

    private static JsonObject Permission(string launcher) => new() { [launcher == "all" ? "Group" : "UserId"] = launcher };

    private static JsonObject Value(string value) => new() { ["Value"] = value };

    private static AwsException Unsupported(string attribute) =>
        Ec2Errors.InvalidParameterValue($"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.");
}
