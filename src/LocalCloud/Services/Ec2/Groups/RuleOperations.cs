using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;
using SyncStorage.LocalCloud.Services.ServiceQuotas;

namespace SyncStorage.LocalCloud.Services.Ec2.Groups;

/// <summary>Rules of security groups. One duplicate, or one that is missing, fails the whole call.</summary>
internal sealed class RuleOperations(CloudContext context, Ec2Store store)
{
    public void AddTo(Handlers handlers)
    {
        handlers.Add("AuthorizeSecurityGroupIngress", input => Authorize(input, isEgress: false));
        handlers.Add("AuthorizeSecurityGroupEgress", input => Authorize(input, isEgress: true));
        handlers.Add("RevokeSecurityGroupIngress", input => Revoke(input, isEgress: false));
        handlers.Add("RevokeSecurityGroupEgress", input => Revoke(input, isEgress: true));
        handlers.Add("UpdateSecurityGroupRuleDescriptionsIngress", input => UpdateDescriptions(input, isEgress: false));
        handlers.Add("UpdateSecurityGroupRuleDescriptionsEgress", input => UpdateDescriptions(input, isEgress: true));
        handlers.Add("DescribeSecurityGroupRules", Describe);
    }

    private JsonObject Authorize(JsonObject input, bool isEgress) => store.Change(state =>
    {
        var group = GroupOperations.Named(state, input);
        var rules = RuleParser.Read(input, isEgress, state);
        var tags = TagRules.Specified(input, "security-group-rule");
        foreach (var rule in rules)
        {
            if (group.Rules.Exists(rule.Admits))
                throw new AwsException("InvalidPermission.Duplicate", $"the specified rule \"{RuleParser.Describe(rule)}\" already exists");
        }

        if (group.Rules.Count(rule => rule.IsEgress == isEgress) + rules.Count > AccountQuotas.RulesOfGroup.Value)
            throw new AwsException("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
        group.Rules.AddRange(rules);
        foreach (var rule in rules)
        {
            foreach (var values in tags.Values) state.SetTags(rule.Id, values);
        }

        return new JsonObject { ["Return"] = true, ["SecurityGroupRules"] = rules.ToArray(rule => View(state, group, rule)) };
    });

    private JsonObject Revoke(JsonObject input, bool isEgress) => store.Change(state =>
    {
        var group = GroupOperations.Named(state, input);
        var ids = input.Texts("SecurityGroupRuleIds");
        var revoked = ids.Count > 0
            ? [.. ids.Select(id => ById(group, id, isEgress))]
            : RuleParser.Read(input, isEgress, state).Select(rule => Same(group, rule)).ToList();
        foreach (var rule in revoked)
        {
            group.Rules.Remove(rule);
            state.Tags.Remove(rule.Id);
        }

        return new JsonObject
        {
            ["Return"] = true,
            ["RevokedSecurityGroupRules"] = revoked.ToArray(rule =>
            {
                var view = View(state, group, rule);
                view.Remove("GroupOwnerId");
                view.Remove("SecurityGroupRuleArn");
                view.Remove("Tags");
                if (view.Remove("ReferencedGroupInfo")) view["ReferencedGroupId"] = rule.Peer;
                return view;
            }),
        };
    });

    /// <summary>Gives rules other descriptions, by what they admit or by their ids.</summary>
    private JsonObject UpdateDescriptions(JsonObject input, bool isEgress) => store.Change(state =>
    {
        var group = GroupOperations.Named(state, input);
        var named = input.Parts("SecurityGroupRuleDescriptions");
        List<(RuleRecord Known, string? Description)> changes = named.Count > 0
            ? [.. named.Select(one => (ById(group, one.Needed("SecurityGroupRuleId"), isEgress), one.Text("Description")))]
            : [.. RuleParser.Read(input, isEgress, state).Select(rule => (Same(group, rule), rule.Description))];
        foreach (var (known, description) in changes) group.Rules[group.Rules.IndexOf(known)] = known with { Description = description };
        return new JsonObject { ["Return"] = true };
    });

    private static RuleRecord ById(GroupRecord group, string id, bool isEgress) =>
        group.Rules.Find(rule => rule.Id == id && rule.IsEgress == isEgress) ?? throw TagRules.NotFound(id);

    private static RuleRecord Same(GroupRecord group, RuleRecord asked) => group.Rules.Find(asked.Admits)
        ?? throw new AwsException("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("SecurityGroupRuleIds");
        var all = state.Groups.SelectMany(group => group.Rules.Select(rule => (Group: group, Rule: rule))).ToList();
        foreach (var id in ids)
        {
            if (!all.Exists(row => row.Rule.Id == id)) throw TagRules.NotFound(id);
        }

        var matching = new Filters(input).Knowing("group-id", "security-group-rule-id").Apply(
            all.Where(row => ids.Count == 0 || ids.Contains(row.Rule.Id)),
            (row, name) => name == "group-id" ? [row.Group.Id] : [row.Rule.Id],
            row => state.TagsOf(row.Rule.Id));
        var (page, next) = Paging.Cut(matching, input);
        return new JsonObject { ["SecurityGroupRules"] = page.ToArray(row => View(state, row.Group, row.Rule)) }.WithNext(next);
    });

    private JsonObject View(Ec2State state, GroupRecord group, RuleRecord rule)
    {
        var view = new JsonObject
        {
            ["SecurityGroupRuleId"] = rule.Id,
            ["GroupId"] = group.Id,
            ["GroupOwnerId"] = context.AccountId,
            ["IsEgress"] = rule.IsEgress,
            ["IpProtocol"] = rule.Protocol,
            ["FromPort"] = rule.FromPort ?? -1,
            ["ToPort"] = rule.ToPort ?? -1,
            ["Tags"] = state.TagList(rule.Id),
            ["SecurityGroupRuleArn"] = $"arn:aws:ec2:{context.Region}:{context.AccountId}:security-group-rule/{rule.Id}",
        };
        if (rule.Description is { Length: > 0 } description) view["Description"] = description;
        switch (rule.Kind)
        {
            case PeerKind.Ipv4:
                view["CidrIpv4"] = rule.Peer;
                break;
            case PeerKind.Ipv6:
                view["CidrIpv6"] = rule.Peer;
                break;
            case PeerKind.PrefixList:
                view["PrefixListId"] = rule.Peer;
                break;
            case PeerKind.Group:
                view["ReferencedGroupInfo"] = new JsonObject { ["GroupId"] = rule.Peer, ["UserId"] = context.AccountId, ["VpcId"] = CloudContext.VpcId };
                break;
            default:
                throw new InvalidOperationException($"A rule's peer can't be of the kind {rule.Kind}.");
        }

        return view;
    }
}
