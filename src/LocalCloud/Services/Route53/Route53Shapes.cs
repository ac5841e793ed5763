using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>Records as the API shows them.</summary>
internal static class Route53Shapes
{
    public static JsonObject Zone(HostedZoneRecord zone)
    {
        var config = new JsonObject { ["PrivateZone"] = false };
        if (zone.Comment is { } comment) config["Comment"] = comment;
        return new JsonObject
        {
            ["Id"] = $"/hostedzone/{zone.Id}",
            ["Name"] = zone.Name,
            ["CallerReference"] = zone.CallerReference,
            ["Config"] = config,
            ["ResourceRecordSetCount"] = zone.Records.Count,
        };
    }

    public static JsonObject DelegationSet(HostedZoneRecord zone) => new() { ["NameServers"] = zone.NameServers.ToJson() };

    public static JsonObject Change(ChangeRecord change, DateTimeOffset now)
    {
        var shape = new JsonObject
        {
            ["Id"] = $"/change/{change.Id}",
            ["Status"] = now >= change.InSyncAt ? "INSYNC" : "PENDING",
            ["SubmittedAt"] = change.SubmittedAt.ToTimestamp(),
        };
        if (change.Comment is { } comment) shape["Comment"] = comment;
        return shape;
    }
}
