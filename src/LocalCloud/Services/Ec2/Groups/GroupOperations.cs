using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Groups;

/// <summary>Security groups of the default VPC. One that is in use can't be deleted.</summary>
internal sealed partial class GroupOperations(CloudContext context, Ec2Store store) : ISecurityGroupDirectory
{
    private readonly Lock gate = new();
    private readonly List<Func<string, bool>> users = [];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateSecurityGroup", Create);
        handlers.Add("DescribeSecurityGroups", Describe);
        handlers.Add("DeleteSecurityGroup", Delete);
    }

    /// <inheritdoc/>
    public bool Exists(string groupId) => store.Read(state => state.Groups.Exists(group => group.Id == groupId));

    /// <inheritdoc/>
    public string? NameOf(string groupId) => store.Read(state => state.Groups.Find(group => group.Id == groupId)?.Name);

    /// <inheritdoc/>
    public void RegisterUser(Func<string, bool> usesGroup)
    {
        lock (gate) users.Add(usesGroup);
    }

    /// <summary>The default VPC has a group of its own.</summary>
    public static void Seed(Ec2State state)
    {
        if (state.Groups.Exists(group => group.Name == "default")) return;
        var id = Ids.New("sg");
        state.Groups.Add(new GroupRecord
        {
            Id = id,
            Name = "default",
            Description = "default VPC security group",
            Rules = [new RuleRecord(Ids.New("sgr"), false, "-1", null, null, PeerKind.Group, id, null), Everywhere()],
        });
    }

    /// <summary>The group that a request's <c>GroupId</c> or <c>GroupName</c> names.</summary>
    public static GroupRecord Named(Ec2State state, JsonObject input)
    {
        if (input.Text("GroupId") is { } id)
            return state.Groups.Find(group => group.Id == id) ?? throw (Ids.IsWellFormed("sg", id) ? Ec2Errors.GroupNotFound(id) : Ec2Errors.GroupMalformed(id));
        if (input.Text("GroupName") is not { } name) throw Ec2Errors.MissingParameter("GroupId");
        return state.Groups.Find(group => group.Name == name) ?? throw Ec2Errors.GroupNotFound(name);
    }

    private static RuleRecord Everywhere() => new(Ids.New("sgr"), true, "-1", null, null, PeerKind.Ipv4, "0.0.0.0/0", null);

    private JsonObject Create(JsonObject input) => store.Change(state =>
    {
        var (name, description) = (input.Needed("GroupName"), input.Needed("Description"));
        if (name.StartsWith("sg-", StringComparison.OrdinalIgnoreCase) || !TextPattern().IsMatch(name))
            throw Ec2Errors.InvalidParameterValue($"Value ({name}) for parameter groupName is invalid. Group names may not be in the format sg-*.");
        if (!TextPattern().IsMatch(description))
            throw Ec2Errors.InvalidParameterValue($"Value ({description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.");
        var vpc = input.Text("VpcId") ?? CloudContext.VpcId;
        if (vpc != CloudContext.VpcId) throw Ec2Errors.VpcNotFound(vpc);
        if (name == "default") throw new AwsException("InvalidParameterValue", "Cannot use reserved security group name: default");
        if (state.Groups.Exists(group => group.Name == name)) throw Ec2Errors.GroupDuplicate(name, vpc);
        var tags = TagRules.Specified(input, "security-group");

        var group = new GroupRecord { Id = Ids.New("sg"), Name = name, Description = description, Rules = [Everywhere()] };
        state.Groups.Add(group);
        foreach (var values in tags.Values) state.SetTags(group.Id, values);
        return new JsonObject { ["GroupId"] = group.Id, ["Tags"] = state.TagList(group.Id), ["SecurityGroupArn"] = Arn(group) };
    });

    private JsonObject Delete(JsonObject input)
    {
        // Other services guard their own state: ask them before EC2's is locked.
        var named = store.Read(state => Named(state, input));
        Func<string, bool>[] asked;
        lock (gate) asked = [.. users];
        if (asked.Any(uses => uses(named.Id))) throw Ec2Errors.GroupInUse(named.Id);
        return store.Change(state =>
        {
            var group = Named(state, input);
            if (group.Name == "default") throw new AwsException("CannotDelete", $"the specified group: \"{group.Id}\" name: \"default\" cannot be deleted by a user");
            if (state.Instances.Exists(instance => instance.Exists && instance.GroupIds.Contains(group.Id))
                || state.Groups.Exists(other => other != group && other.Rules.Exists(rule => rule.Kind == PeerKind.Group && rule.Peer == group.Id)))
            {
                throw Ec2Errors.GroupInUse(group.Id);
            }

            state.Groups.Remove(group);
            state.Tags.Remove(group.Id);
            foreach (var rule in group.Rules) state.Tags.Remove(rule.Id);
            return new JsonObject { ["Return"] = true, ["GroupId"] = group.Id };
        });
    }

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var (ids, names) = (input.Texts("GroupIds"), input.Texts("GroupNames"));
        foreach (var id in ids)
        {
            if (!state.Groups.Exists(group => group.Id == id)) throw Ids.IsWellFormed("sg", id) ? Ec2Errors.GroupNotFound(id) : Ec2Errors.GroupMalformed(id);
        }

        foreach (var name in names)
        {
            if (!state.Groups.Exists(group => group.Name == name)) throw Ec2Errors.GroupNotFound(name);
        }

        var candidates = state.Groups.Where(group => ids.Count + names.Count == 0 || ids.Contains(group.Id) || names.Contains(group.Name));
        var filters = new Filters(input).Knowing(
            "group-id", "group-name", "vpc-id", "description", "owner-id", "ip-permission.group-id", "ip-permission.cidr", "egress.ip-permission.cidr");
        var (page, next) = Paging.Cut(filters.Apply(candidates, Values, group => state.TagsOf(group.Id)), input);
        return new JsonObject { ["SecurityGroups"] = page.ToArray(group => View(state, group)) }.WithNext(next);
    });

    private IEnumerable<string?>? Values(GroupRecord group, string filter) => filter switch
    {
        "group-id" => [group.Id],
        "group-name" => [group.Name],
        "vpc-id" => [CloudContext.VpcId],
        "description" => [group.Description],
        "owner-id" => [context.AccountId],
        "ip-permission.group-id" => group.Rules.Where(rule => !rule.IsEgress && rule.Kind == PeerKind.Group).Select(rule => rule.Peer),
        "ip-permission.cidr" => group.Rules.Where(rule => !rule.IsEgress && rule.Kind == PeerKind.Ipv4).Select(rule => rule.Peer),
        "egress.ip-permission.cidr" => group.Rules.Where(rule => rule.IsEgress && rule.Kind == PeerKind.Ipv4).Select(rule => rule.Peer),
        _ => null,
    };

    private JsonObject View(Ec2State state, GroupRecord group) => new()
    {
        ["GroupId"] = group.Id,
        ["GroupName"] = group.Name,
        ["Description"] = group.Description,
        ["OwnerId"] = context.AccountId,
        ["VpcId"] = CloudContext.VpcId,
        ["SecurityGroupArn"] = Arn(group),
        ["Tags"] = state.TagList(group.Id),
        ["IpPermissions"] = Permissions(group.Rules.Where(rule => !rule.IsEgress)),
        ["IpPermissionsEgress"] = Permissions(group.Rules.Where(rule => rule.IsEgress)),
    };

    /// <summary>Rules of the same protocol and ports are one permission with several peers.</summary>
    private JsonArray Permissions(IEnumerable<RuleRecord> rules) =>
        rules.GroupBy(rule => (rule.Protocol, rule.FromPort, rule.ToPort)).ToArray(group =>
        {
            var permission = new JsonObject { ["IpProtocol"] = group.Key.Protocol };
            if (group.Key.FromPort is { } from) permission["FromPort"] = from;
            if (group.Key.ToPort is { } to) permission["ToPort"] = to;
            permission["IpRanges"] = Peers(group, PeerKind.Ipv4, "CidrIp");
            permission["Ipv6Ranges"] = Peers(group, PeerKind.Ipv6, "CidrIpv6");
            permission["PrefixListIds"] = Peers(group, PeerKind.PrefixList, "PrefixListId");
            permission["UserIdGroupPairs"] = Peers(group, PeerKind.Group, "GroupId");
            return permission;
        });

    private JsonArray Peers(IEnumerable<RuleRecord> rules, PeerKind kind, string member) => rules.Where(rule => rule.Kind == kind).ToArray(rule =>
    {
        var peer = new JsonObject { [member] = rule.Peer };
        if (kind == PeerKind.Group) peer["UserId"] = context.AccountId;
        if (rule.Description is { Length: > 0 } description) peer["Description"] = description;
        return peer;
    });

    private string Arn(GroupRecord group) => $"arn:aws:ec2:{context.Region}:{context.AccountId}:security-group/{group.Id}";

    [GeneratedRegex(@"^[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}$")]
    private static partial Regex TextPattern();
}
