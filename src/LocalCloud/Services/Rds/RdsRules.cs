using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>What AWS accepts; pure.</summary>
internal static class RdsRules
{
    private const int MaxIdentifier = 63;

    /// <summary>Versions as AWS had them: the newest of each line first.</summary>
    private static readonly Dictionary<string, string[]> Versions = new(StringComparer.Ordinal)
    {
        ["mysql"] = ["8.4.6", "8.4.5", "8.4.4", "8.4.3", "8.0.43", "8.0.42", "8.0.41", "8.0.40"],
        ["mariadb"] = ["11.8.3", "11.4.8", "11.4.7", "11.4.5", "10.11.14", "10.11.13", "10.11.11", "10.6.23", "10.6.22"],
    };

    private static readonly HashSet<string> ReservedUsers = new(StringComparer.OrdinalIgnoreCase)
    {
        "root", "rdsadmin", "rdsrepladmin", "rdsproxyadmin", "rdsbackup", "rdsguestlogin", "mysql", "mysqlbackups",
        "mariadb", "sys", "user", "public", "select", "grant", "all", "database", "table",
    };

    public static string Engine(string engine) => Versions.ContainsKey(engine)
        ? engine
        : throw RdsErrors.Value($"Invalid DB engine: {engine}. LocalCloud has mysql and mariadb.");

    /// <summary>The versions of an engine.</summary>
    public static IReadOnlyList<string> VersionsOf(string engine) => Versions[engine];

    /// <summary>The full version that a prefix (or none) stands for.</summary>
    public static string EngineVersion(string engine, string? asked) => asked is null
        ? Versions[engine][0]
        : Versions[engine].FirstOrDefault(version => version == asked || version.StartsWith(asked + ".", StringComparison.Ordinal))
            ?? throw RdsErrors.Combination($"Cannot find version {asked} for {engine}");

    /// <summary>The line of a version, which names its parameter and option groups: 8.4 of 8.4.6.</summary>
    public static string Line(string version) => string.Join('.', version.Split('.').Take(2));

    /// <summary>Identifiers are kept in lower case, as on AWS.</summary>
    public static string Identifier(string member, string text)
    {
        var valid = text.Length is > 0 and <= MaxIdentifier && char.IsAsciiLetter(text[0]) && text[^1] != '-'
            && !text.Contains("--", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
#pragma warning disable CA1308 // AWS lowers them.
        return valid ? text.ToLowerInvariant() : throw RdsErrors.Value(
            $"The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
            + "and must not end with a hyphen or contain two consecutive hyphens.");
#pragma warning restore CA1308
    }

    public static string MasterUsername(string? name)
    {
        if (name is null) throw RdsErrors.Value("The parameter MasterUsername must be provided and must not be blank.");
        if (name.Length > 16 || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw RdsErrors.Value("The parameter MasterUsername is not a valid identifier: it must begin with a letter, contain only letters, digits and underscores, and have at most 16 characters.");
        return ReservedUsers.Contains(name) ? throw RdsErrors.Value($"MasterUsername {name} cannot be used as it is a reserved word used by the engine") : name;
    }

    public static string MasterPassword(string? password) => password switch
    {
        null => throw RdsErrors.Value("The parameter MasterUserPassword must be provided and must not be blank."),
        { Length: < 8 } => throw RdsErrors.Value("The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters."),
        { Length: > 41 } => throw RdsErrors.Value("The parameter MasterUserPassword is not a valid password because it is longer than 41 characters."),
        _ when password.Any(c => c is < '!' or > '~' or '/' or '@' or '"') => throw RdsErrors.Value(
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."),
        _ => password,
    };

    public static string? DatabaseName(string? name) => name is null || (name.Length <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        ? name
        : throw RdsErrors.Value("DBName must begin with a letter and contain only alphanumeric characters.");

    /// <summary>Checks the members of <c>DBInstance</c> that a request sets.</summary>
    public static void Check(JsonObject settings, string engine)
    {
        var instanceClass = settings.Required("DBInstanceClass");
        if (instanceClass.Split('.') is not ["db", { Length: > 1 }, { Length: > 1 }]) throw RdsErrors.Value($"Invalid DB Instance class: {instanceClass}");
        var storage = settings.Number("AllocatedStorage");
        if (storage is not (>= 20 and <= 65536))
            throw RdsErrors.Value($"Invalid storage size for engine name {engine} and storage type {settings.Text("StorageType")}: {storage?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        if (settings.Number("BackupRetentionPeriod") is not (>= 0 and <= 35))
            throw RdsErrors.Value($"Invalid backup retention period: {settings.Text("BackupRetentionPeriod")}. Must be between 0 and 35.");
        if (settings.Text("StorageType") is not ("gp2" or "gp3" or "io1" or "io2" or "standard"))
            throw RdsErrors.Value($"Invalid storage type: {settings.Text("StorageType")}");
        if (settings.Text("StorageType") is "io1" or "io2" && settings.Number("Iops") is null)
            throw RdsErrors.Combination($"You must specify IOPS when creating a DB instance with {settings.Text("StorageType")} storage.");
    }

    public static int Port(int? port) => port is null or (>= 1150 and <= 65535) ? port ?? 3306 : throw RdsErrors.Value($"Invalid port: {port}. Must be between 1150 and 65535.");

    /// <summary>What gp3 storage can do, unless more is asked for: from 400 GiB on it is striped.</summary>
    public static IEnumerable<(string Figure, int Value)> Baseline(JsonObject settings)
    {
        if (settings.Text("StorageType") != "gp3") return [];
        return settings.Number("AllocatedStorage") >= 400 ? [("Iops", 12_000), ("StorageThroughput", 500)] : [("Iops", 3_000), ("StorageThroughput", 125)];
    }

    /// <summary>A modification of a version: forwards only, and to another line only with consent.</summary>
    public static string Upgrade(string engine, string current, string asked, bool allowMajor)
    {
        var target = current == asked || current.StartsWith(asked + ".", StringComparison.Ordinal) ? current : EngineVersion(engine, asked);
        if (Version.Parse(target) < Version.Parse(current)) throw RdsErrors.Combination($"Cannot upgrade {engine} from {current} to {target}");
        if (Line(target) != Line(current) && !allowMajor)
            throw RdsErrors.Combination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.");
        return target;
    }

    public static List<string> Subnets(List<string> subnets)
    {
        foreach (var subnet in subnets)
        {
            if (!CloudContext.SubnetIds.Contains(subnet, StringComparer.Ordinal)) throw RdsErrors.InvalidSubnet(subnet);
        }

        // The default VPC has one subnet a zone.
        List<string> distinct = [.. subnets.Distinct(StringComparer.Ordinal)];
        return distinct.Count >= 2 ? distinct : throw RdsErrors.NotEnoughZones();
    }
}
