using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>What an account may have, and what RDS has to offer.</summary>
internal sealed partial class RdsService
{
    private const int MostDatabases = 40;
    private const int MostStorageGiB = 100_000;
    private const int MostSnapshots = 100;
    private const int MostSubnetGroups = 50;

    private JsonObject DescribeAccountAttributes(JsonObject input) => new()
    {
        ["AccountQuotas"] = new JsonArray(
            Quota("DBInstances", state.Databases.Count, MostDatabases),
            Quota("AllocatedStorage", state.Databases.Values.Sum(record => record.Settings.Number("AllocatedStorage") ?? 0), MostStorageGiB),
            Quota("ManualSnapshots", state.Snapshots.Count, MostSnapshots),
            Quota("DBSubnetGroups", state.SubnetGroups.Count, MostSubnetGroups)),
    };

    private JsonObject DescribeOrderableOptions(JsonObject input)
    {
        var engine = RdsRules.Engine(input.Required("Engine"));
        var versions = RdsRules.VersionsOf(engine).Where(version => input.Text("EngineVersion") is not { } asked || version == asked);
        var classes = InstanceClasses.Offered.Where(name => input.Text("DBInstanceClass") is not { } asked || name == asked);
        var options = versions.SelectMany(version => classes.Select(name => (Version: version, Class: name)));
        return Page(input, "OrderableDBInstanceOptions", options, option => $"{option.Version} {option.Class}", option => shapes.Orderable(engine, option.Version, option.Class));
    }

    private static JsonObject Quota(string name, int used, int max) => new() { ["AccountQuotaName"] = name, ["Used"] = used, ["Max"] = max };
}
