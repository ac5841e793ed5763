using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53.Dns;

/// <summary>What name servers answer with.</summary>
internal interface IServedZones
{
    /// <summary>The record sets of the zone that a name is in, as they are served now; null if it is in none.</summary>
    /// <param name="name">In lower case, with a dot at the end.</param>
    /// <param name="zoneName">The zone's name.</param>
    IReadOnlyList<JsonObject>? RecordsFor(string name, out string zoneName);
}
