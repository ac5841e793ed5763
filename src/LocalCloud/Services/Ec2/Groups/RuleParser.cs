using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Groups;

/// <summary>Reads permissions as rules in their normal form, one rule a peer.</summary>
internal static class RuleParser
{
    /// <summary>The rules of a request; none twice.</summary>
    public static IReadOnlyList<RuleRecord> Read(JsonObject input, bool isEgress, Ec2State state)
    {
        var permissions = input.Parts("IpPermissions");
        if (permissions.Count == 0) permissions = Single(input);
        var rules = permissions.SelectMany(permission => Peers(permission, isEgress, state)).ToList();
        if (rules.Count == 0) throw Ec2Errors.MissingParameter("IpPermissions");
        for (var index = 0; index < rules.Count; index++)
        {
            if (rules.FindIndex(rule => rule.Admits(rules[index])) < index)
                throw Ec2Errors.InvalidParameterValue("The same permission must not appear multiple times");
        }

        return rules;
    }

    /// <summary>As error messages name a rule.</summary>
    public static string Describe(RuleRecord rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"peer: {rule.Peer}, {(rule.Protocol == "-1" ? "ALL" : rule.Protocol.ToUpperInvariant())}, {Ports(rule)}, ALLOW");

    private static string Ports(RuleRecord rule) => rule.FromPort is null ? "from port: all, to port: all" : $"from port: {rule.FromPort}, to port: {rule.ToPort}";

    private static IReadOnlyList<JsonObject> Single(JsonObject input)
    {
        if (input.Text("IpProtocol") is not { } protocol) return [];
        var permission = new JsonObject { ["IpProtocol"] = protocol };
        if (input.Number("FromPort") is { } from) permission["FromPort"] = from;
        if (input.Number("ToPort") is { } to) permission["ToPort"] = to;
        if (input.Text("CidrIp") is { } cidr) permission["IpRanges"] = new JsonArray(new JsonObject { ["CidrIp"] = cidr });
        if (input.Text("SourceSecurityGroupName") is { } group)
            permission["UserIdGroupPairs"] = new JsonArray(new JsonObject { ["GroupName"] = group });
        return [permission];
    }

    private static IEnumerable<RuleRecord> Peers(JsonObject permission, bool isEgress, Ec2State state)
    {
        var protocol = Protocol(permission.Needed("IpProtocol"));
        var (from, to) = Ports(permission, protocol);
        RuleRecord Rule(PeerKind kind, string peer, JsonObject source) =>
            new(Ids.New("sgr"), isEgress, protocol, from, to, kind, peer, source.Text("Description"));

        return
        [
            .. permission.Parts("IpRanges").Select(range => Rule(PeerKind.Ipv4, Cidr(range.Needed("CidrIp"), AddressFamily.InterNetwork), range)),
            .. permission.Parts("Ipv6Ranges").Select(range => Rule(PeerKind.Ipv6, Cidr(range.Needed("CidrIpv6"), AddressFamily.InterNetworkV6), range)),
            .. permission.Parts("PrefixListIds").Select(list => Rule(PeerKind.PrefixList, list.Needed("PrefixListId"), list)),
            .. permission.Parts("UserIdGroupPairs").Select(pair => Rule(PeerKind.Group, Group(pair, state), pair)),
        ];
    }

    private static string Protocol(string protocol) => protocol.ToLowerInvariant() switch
    {
        "-1" or "all" => "-1",
        "tcp" or "6" => "tcp",
        "udp" or "17" => "udp",
        "icmp" or "1" => "icmp",
        "icmpv6" or "58" => "icmpv6",
        var other when byte.TryParse(other, CultureInfo.InvariantCulture, out _) => other,
        var other => throw Ec2Errors.InvalidParameterValue($"Invalid value '{other}' for IP protocol. Unknown protocol."),
    };

    private static (int? From, int? To) Ports(JsonObject permission, string protocol)
    {
        if (protocol is not ("tcp" or "udp" or "icmp" or "icmpv6")) return (null, null);
        var (from, to) = (permission.Number("FromPort"), permission.Number("ToPort"));
        if (from is null || to is null)
            throw Ec2Errors.InvalidParameterValue($"Invalid value 'Must specify both from and to ports with {protocol.ToUpperInvariant()}.' for portRange.");
        if (protocol is "tcp" or "udp" && (from < 0 || to > 65535 || from > to))
            throw Ec2Errors.InvalidParameterValue($"Invalid {protocol.ToUpperInvariant()} port range: {from}-{to}");
        return (from, to);
    }

    private static string Cidr(string text, AddressFamily family)
    {
        var slash = text.IndexOf('/');
        if (slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out var address) && address.AddressFamily == family
            // 10.0.0 reads as an address too, but is none in a block.
            && (family == AddressFamily.InterNetworkV6 || text[..slash].Count(letter => letter == '.') == 3)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= (family == AddressFamily.InterNetwork ? 32 : 128))
        {
            return $"{Network(address, length)}/{length}";
        }

        throw Ec2Errors.InvalidParameterValue($"CIDR block {text} is malformed");
    }

    private static IPAddress Network(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var index = 0; index < bytes.Length; index++)
        {
            var kept = Math.Clamp(length - (index * 8), 0, 8);
            bytes[index] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    private static string Group(JsonObject pair, Ec2State state)
    {
        if (pair.Text("GroupId") is { } id)
            return state.Groups.Exists(group => group.Id == id) ? id : throw Ec2Errors.GroupNotFound(id);
        var name = pair.Needed("GroupName");
        return state.Groups.Find(group => group.Name == name)?.Id ?? throw Ec2Errors.GroupNotFound(name);
    }
}
