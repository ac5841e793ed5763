using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The members of <c>DBInstance</c> that creation sets and modification changes, by the model's names; pure.</summary>
internal static class DatabaseSettings
{
    /// <summary>These wait for the maintenance window unless they are to be applied immediately.</summary>
    private static readonly string[] Deferred =
        ["DBInstanceClass", "AllocatedStorage", "MultiAZ", "EngineVersion", "StorageType", "Iops", "StorageThroughput", "LicenseModel", "BackupRetentionPeriod"];

    /// <summary>These apply at once, whatever is asked.</summary>
    private static readonly string[] AtOnce =
        ["PreferredBackupWindow", "PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "PubliclyAccessible", "CopyTagsToSnapshot",
            "DeletionProtection", "MaxAllocatedStorage", "MonitoringInterval", "CACertificateIdentifier"];

    /// <summary>Where the request's name is not the description's.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["EnableIAMDatabaseAuthentication"] = "IAMDatabaseAuthenticationEnabled",
        ["EnablePerformanceInsights"] = "PerformanceInsightsEnabled",
    };

    /// <summary>A new instance's settings, defaults filled in and checked.</summary>
    public static JsonObject Create(JsonObject input, string engine)
    {
        var settings = Defaults();
        foreach (var name in Deferred.Concat(AtOnce)) Take(input, name, name, settings);
        foreach (var (asked, described) in Renamed) Take(input, asked, described, settings);
        Take(input, "StorageEncrypted", "StorageEncrypted", settings);
        Take(input, "KmsKeyId", "KmsKeyId", settings);
        settings["EngineVersion"] = RdsRules.EngineVersion(engine, input.Text("EngineVersion"));
        RdsRules.Check(settings, engine);
        return settings;
    }

    /// <summary>What a modification changes: at once, by a modification of the server, and in the maintenance window.</summary>
    public static (JsonObject AtOnce, JsonObject Now, JsonObject Later) Modify(JsonObject input, JsonObject current, string engine)
    {
        JsonObject asked = [];
        foreach (var name in Deferred.Concat(AtOnce)) Take(input, name, name, asked);
        foreach (var (name, described) in Renamed) Take(input, name, described, asked);
        if (asked.Text("EngineVersion") is { } version)
            asked["EngineVersion"] = RdsRules.Upgrade(engine, current.Required("EngineVersion"), version, input.Flag("AllowMajorVersionUpgrade") ?? false);
        if (asked.Number("AllocatedStorage") is { } storage && storage < current.Number("AllocatedStorage"))
            throw RdsErrors.Combination($"Invalid storage size for modification: {storage}. Storage can only be increased from {current.Number("AllocatedStorage")}.");

        foreach (var name in asked.Select(member => member.Key).Where(name => JsonNode.DeepEquals(asked[name], current[name])).ToList()) asked.Remove(name);
        var merged = current.DeepClone().AsObject();
        foreach (var (name, value) in asked) merged[name] = value?.DeepClone();
        RdsRules.Check(merged, engine);

        var immediately = input.Flag("ApplyImmediately") ?? false;
        JsonObject atOnce = [];
        JsonObject now = [];
        JsonObject later = [];
        foreach (var (name, value) in asked) (!Waits(name, asked, current) ? atOnce : immediately ? now : later)[name] = value?.DeepClone();
        return (atOnce, now, later);
    }

    /// <summary>Whether a change needs the server to start again.</summary>
    public static bool NeedsRestart(JsonObject change) => change.ContainsKey("DBInstanceClass") || change.ContainsKey("EngineVersion");

    /// <summary>The backup retention period waits only where it turns backups on or off.</summary>
    private static bool Waits(string name, JsonObject asked, JsonObject current) => name == "BackupRetentionPeriod"
        ? asked.Number(name) == 0 != (current.Number(name) == 0)
        : Deferred.Contains(name, StringComparer.Ordinal);

    private static JsonObject Defaults() => new()
    {
        ["MultiAZ"] = false,
        ["StorageType"] = "gp2",
        ["LicenseModel"] = "general-public-license",
        ["BackupRetentionPeriod"] = 1,
        ["PreferredBackupWindow"] = "03:00-03:30",
        ["PreferredMaintenanceWindow"] = "sun:04:00-sun:04:30",
        ["AutoMinorVersionUpgrade"] = true,
        ["PubliclyAccessible"] = false,
        ["CopyTagsToSnapshot"] = false,
        ["DeletionProtection"] = false,
        ["MonitoringInterval"] = 0,
        ["CACertificateIdentifier"] = "rds-ca-rsa2048-g1",
        ["IAMDatabaseAuthenticationEnabled"] = false,
        ["PerformanceInsightsEnabled"] = false,
        ["StorageEncrypted"] = false,
    };

    /// <summary>Copies a member in its own type, whatever the wire made of it.</summary>
    private static void Take(JsonObject input, string name, string described, JsonObject target)
    {
        if (input.Text(name) is not { } text) return;
        target[described] = int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && name is not ("EngineVersion" or "KmsKeyId")
            ? number
            : bool.TryParse(text, out var flag) ? flag : text;
    }
}
