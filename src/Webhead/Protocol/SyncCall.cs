using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Protocol;

/// <summary>A request whose user is known.</summary>
internal sealed record SyncCall(HttpContext Http, VirtualHost Host, SyncRoute Route, Limits Limits, Quotas Quotas, TimeProvider Time)
{
    /// <summary>What the request expects of its target.</summary>
    public Preconditions Preconditions { get; } = Preconditions.Read(Http.Request.Headers);

    /// <summary>Ends what is done for a client that is gone. For reading only.</summary>
    public CancellationToken Aborted => Http.RequestAborted;
}
