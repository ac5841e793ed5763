using System.Text.Json.Serialization;

namespace SyncStorage.LocalCloud.Services.Ec2.State;

/// <summary>Everything that EC2 remembers.</summary>
internal sealed class Ec2State
{
    public List<InstanceRecord> Instances { get; set; } = [];

    public List<ImageRecord> Images { get; set; } = [];

    /// <summary>Images that were deregistered not long ago, by id, and until when it is known that they were there.</summary>
    public Dictionary<string, DateTimeOffset> Deregistered { get; set; } = [];

    public List<SnapshotRecord> Snapshots { get; set; } = [];

    public List<VolumeRecord> Volumes { get; set; } = [];

    public List<GroupRecord> Groups { get; set; } = [];

    public List<KeyPairRecord> KeyPairs { get; set; } = [];

    /// <summary>RunInstances by client token.</summary>
    public Dictionary<string, LaunchRecord> Launches { get; set; } = [];

    /// <summary>Tags by resource id.</summary>
    public Dictionary<string, SortedDictionary<string, string>> Tags { get; set; } = [];

    /// <summary>Whether volumes that are made of an image are encrypted without being asked for: its snapshot is.</summary>
    public bool IsEncrypted(ImageRecord image) => Snapshots.Exists(snapshot => snapshot.Id == image.SnapshotId && snapshot.Encrypted);
}

/// <summary>A launch that may be asked for again.</summary>
/// <param name="Fingerprint">Of the request's parameters.</param>
/// <param name="ReservationId">What it made.</param>
internal sealed record LaunchRecord(string Fingerprint, string ReservationId);

internal sealed class ImageRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string Description { get; set; } = "";

    public required string Architecture { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When a pending image becomes available.</summary>
    public required DateTimeOffset AvailableAt { get; init; }

    public required string SnapshotId { get; init; }

    public string? SourceInstanceId { get; init; }

    public string? SourceImageId { get; init; }

    /// <summary>The accounts that may launch it beside its owner; <c>all</c> makes it public.</summary>
    public List<string> Launchers { get; set; } = [];

    /// <summary>Whether it existed from the start, owned by <c>amazon</c>.</summary>
    public bool IsBase { get; init; }

    /// <summary>Whether everybody may launch it.</summary>
    [JsonIgnore]
    public bool IsPublic => IsBase || Launchers.Contains("all");
}

internal sealed class SnapshotRecord
{
    public required string Id { get; init; }

    public required string VolumeId { get; init; }

    public string Description { get; init; } = "";

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public bool Encrypted { get; init; }

    public int SizeGib { get; init; } = 8;
}

internal sealed class VolumeRecord
{
    public required string Id { get; init; }

    public required string Zone { get; init; }

    /// <summary>The instance that it is attached to, or null.</summary>
    public string? InstanceId { get; set; }

    /// <summary>As what it is attached; null if it is what the instance started from.</summary>
    public string? Device { get; set; }

    /// <summary>When it was attached; null if it is what the instance started from.</summary>
    public DateTimeOffset? Attached { get; set; }

    /// <summary>Empty if it is made of none.</summary>
    public required string SnapshotId { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When one that is being made becomes available.</summary>
    public DateTimeOffset AvailableAt { get; init; }

    public string? ClientToken { get; init; }

    public int SizeGib { get; init; } = 8;

    public string Type { get; init; } = "gp3";

    public bool Encrypted { get; init; }

    public bool DeleteOnTermination { get; set; } = true;

    /// <summary>Whether an instance started from it.</summary>
    [JsonIgnore]
    public bool IsRoot => InstanceId is not null && Device is null;
}

/// <summary>A key that instances may be given; its private part is the user's alone.</summary>
/// <param name="Id">E.g. <c>key-0123…</c>.</param>
/// <param name="Name">Unique.</param>
/// <param name="Type"><c>rsa</c> or <c>ed25519</c>.</param>
/// <param name="Fingerprint">In the form that EC2 gives keys of its type and origin.</param>
/// <param name="PublicKey">As OpenSSH writes it.</param>
/// <param name="Created">When it was made or imported.</param>
internal sealed record KeyPairRecord(string Id, string Name, string Type, string Fingerprint, string PublicKey, DateTimeOffset Created);

internal sealed class GroupRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public List<RuleRecord> Rules { get; set; } = [];
}

/// <param name="Id">E.g. <c>sgr-0123…</c>.</param>
/// <param name="IsEgress">Out of the group.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>-1</c> or a number.</param>
/// <param name="FromPort">Null if all.</param>
/// <param name="ToPort">Null if all.</param>
/// <param name="Kind">Which kind of peer.</param>
/// <param name="Peer">A CIDR block, a group id or a prefix list id.</param>
/// <param name="Description">May be empty.</param>
internal sealed record RuleRecord(
    string Id, bool IsEgress, string Protocol, int? FromPort, int? ToPort, PeerKind Kind, string Peer, string? Description)
{
    /// <summary>Two rules that admit the same are the same, whatever they are called.</summary>
    public bool Admits(RuleRecord other) =>
        IsEgress == other.IsEgress && Protocol == other.Protocol && FromPort == other.FromPort && ToPort == other.ToPort
        && Kind == other.Kind && Peer == other.Peer;
}

internal enum PeerKind
{
    Ipv4,
    Ipv6,
    Group,
    PrefixList,
}
