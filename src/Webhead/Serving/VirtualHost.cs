using SyncStorage.SyncClient;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>One virtual hostname as it is served: its secrets, and what its users have.</summary>
internal sealed class VirtualHost(HostEntry entry, IReadOnlyList<TokenSecret> secrets, NodeGate gate, HostDatabase database, UserStorage storage)
{
    /// <summary>The origin that clients see; Hawk signs its host and port.</summary>
    public Uri Origin => entry.Origin;

    /// <summary>What a token for this host names as its node.</summary>
    public string Node { get; } = entry.Origin.GetLeftPart(UriPartial.Authority);

    /// <summary>Judges tokens by the secrets.</summary>
    public TokenCache Tokens { get; } = new(secrets);

    /// <summary>Lets requests to its dbnode.</summary>
    public NodeGate Gate => gate;

    /// <summary>Its database, to see how that is used.</summary>
    public HostDatabase Database => database;

    /// <summary>What its users have.</summary>
    public UserStorage Storage => storage;
}
