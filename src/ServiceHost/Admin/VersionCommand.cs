using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Admin;

/// <summary><c>admin version</c></summary>
internal static class VersionCommand
{
    /// <summary>The command of a release that works with these schemas and formats of configuration documents.</summary>
    public static AdminCommand Make(VersionRange schema, VersionRange configuration) => new(
        "version", "the release of this installation; touches nothing", [],
        (context, _) => Task.FromResult(new JsonObject
        {
            ["ok"] = true,
            ["release"] = context.Installation.Release,
            ["version"] = context.Installation.Version,
            ["schema"] = Describe(schema),
            ["configuration"] = Describe(configuration),
        }));

    private static JsonObject Describe(VersionRange range) => new() { ["min"] = range.Min, ["max"] = range.Max };
}
