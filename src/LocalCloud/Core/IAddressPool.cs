using System.Net;

namespace SyncStorage.LocalCloud.Core;

/// <summary>
/// Addresses for instances, databases and cache nodes: each gets one of its own in a /16 of 127.0.0.0/8 that this
/// state directory picked when it was made, so that each can use its ordinary port.
/// </summary>
internal interface IAddressPool
{
    /// <summary>A free address on which every one of <paramref name="ports"/> can be bound now; kept until released.</summary>
    IPAddress Lease(string owner, params ReadOnlySpan<int> ports);

    /// <summary>Gives an owner's address back. No error if it has none.</summary>
    void Release(string owner);
}

/// <summary>What other services may ask EC2 about instances (the load balancer forwards to them).</summary>
internal interface IInstanceDirectory
{
    /// <summary>The private address of a running instance, or null if it is not running or unknown.</summary>
    IPAddress? AddressOf(string instanceId);

    /// <summary>Whether the instance exists and is not terminated.</summary>
    bool Exists(string instanceId);

    /// <summary>Whether a load balancer's probes reach the instance; false is a fault on demand.</summary>
    bool AnswersProbes(string instanceId) => true;

    /// <summary>Whether a load balancer takes the instance into service once it has passed its probes; false is a fault on demand.</summary>
    bool ComesIntoService(string instanceId) => true;

    /// <summary>A load balancer has taken the instance into service.</summary>
    void CameIntoService(string instanceId)
    {
    }
}

/// <summary>Security groups as other services check them.</summary>
internal interface ISecurityGroupDirectory
{
    /// <summary>Whether a group with this id exists in the default VPC.</summary>
    bool Exists(string groupId);

    /// <summary>The name of a group, or null if there is none with this id.</summary>
    string? NameOf(string groupId);

    /// <summary>Other services report whether a group is in use by theirs; deleting one in use is refused.</summary>
    void RegisterUser(Func<string, bool> usesGroup);
}

/// <summary>Mints credentials for an instance, for its metadata endpoint.</summary>
internal interface ICredentialStore
{
    /// <summary>Temporary credentials of an instance profile, remembered until they expire.</summary>
    InstanceCredentials IssueFor(string instanceId, string instanceProfile);

    /// <summary>The role of an instance profile; null if it is gone, or has none.</summary>
    string? RoleOf(string instanceProfile);

    /// <summary>Forgets an instance's credentials: it was terminated.</summary>
    void Revoke(string instanceId);
}

internal sealed record InstanceCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expires);
