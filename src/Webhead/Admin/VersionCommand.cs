using System.Text.Json.Nodes;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin version</c></summary>
internal static class VersionCommand
{
    public static AdminCommand Command { get; } = new("version", "the release of this installation; touches nothing", [],
        (context, _) => Task.FromResult(new JsonObject
        {
            ["ok"] = true,
            ["release"] = context.Installation.Release,
            ["version"] = context.Installation.Version,
            ["schema"] = Describe(Compatibility.Current.Schema),
            ["configuration"] = Describe(Compatibility.Current.Configuration),
        }));

    private static JsonObject Describe(VersionRange range) => new() { ["min"] = range.Min, ["max"] = range.Max };
}
