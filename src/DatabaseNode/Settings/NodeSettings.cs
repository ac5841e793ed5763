using System.Globalization;
using System.Net;

namespace SyncStorage.DatabaseNode.Settings;

/// <summary>What a dbnode is told at its launch.</summary>
internal sealed record NodeSettings
{
    private const int MostShipSeconds = 3600;
    private const int MostSnapshotSeconds = 7 * 24 * 3600;
    private const int MostDays = 35;

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The cluster's bucket: binary logs go below <c>dbnodes/&lt;node&gt;/</c> in it.</summary>
    public required string Bucket { get; init; }

    /// <summary>The dbnode's name, e.g. <c>db0</c>.</summary>
    public required string Node { get; init; }

    /// <summary>The address to listen on.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port to listen on.</summary>
    public required int Port { get; init; }

    /// <summary>The AWS region.</summary>
    public required string Region { get; init; }

    /// <summary>The data volume.</summary>
    public required string VolumeId { get; init; }

    /// <summary>Where AWS is, if not at its public endpoints.</summary>
    public Uri? EndpointUrl { get; init; }

    /// <summary>What stands for <c>/</c>: empty, or on LocalCloud the instance's root directory.</summary>
    public string Root { get; init; } = "";

    /// <summary>How often binary logs are shipped, if there is anything new. Default 60 s.</summary>
    public TimeSpan ShipEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How old the newest snapshot may become. Default 24 h.</summary>
    public TimeSpan SnapshotEvery { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long backups are kept. Default 7 days.</summary>
    public int BackupDays { get; init; } = 7;

    /// <summary>What its volume is brought to before it serves; null if nothing is restored.</summary>
    public RestoreRequest? Restore { get; init; }

    /// <summary>Whether this is LocalCloud, whose instances are directories.</summary>
    public bool IsLocal => Root.Length > 0;

    /// <summary>The parameter of the master password.</summary>
    public string MasterPasswordParameter => $"/{Cluster}/db/{Node}/master";

    /// <summary>Where the data volume is mounted.</summary>
    public string MountPoint => Below("/var/lib/syncstorage");

    /// <summary>As what the data volume is attached.</summary>
    public string Device => Below("/dev/sdf");

    /// <summary>What lives no longer than the machine is on.</summary>
    public string RunDirectory => Below("/run/syncstorage-dbnode");

    /// <summary>A path as it is on this machine.</summary>
    public string Below(string path) => Root + path;

    /// <summary>Reads the settings from the environment, and what is missing there from the installation's file.</summary>
    /// <exception cref="SettingsException">With every error.</exception>
    public static NodeSettings Load(Installation installation, Func<string, string?> environment)
    {
        var variables = new VariableReader(installation, environment);
        return variables.Checked(new NodeSettings
        {
            Cluster = variables.Text("SYNCSTORAGE_CLUSTER"),
            Bucket = variables.Text("SYNCSTORAGE_BUCKET"),
            Node = variables.Text("SYNCSTORAGE_NODE"),
            Address = variables.Address("SYNCSTORAGE_ADDRESS"),
            Port = variables.Number("SYNCSTORAGE_PORT", 3306, 1, 65535),
            Region = variables.Text("AWS_REGION"),
            VolumeId = variables.Text("SYNCSTORAGE_VOLUME"),
            EndpointUrl = variables.Endpoint("AWS_ENDPOINT_URL"),
            Root = variables.Value("DESTDIR") ?? "",
            ShipEvery = TimeSpan.FromSeconds(variables.Number("SYNCSTORAGE_SHIP_SECONDS", 60, 1, MostShipSeconds)),
            SnapshotEvery = TimeSpan.FromSeconds(variables.Number("SYNCSTORAGE_SNAPSHOT_SECONDS", 24 * 3600, 1, MostSnapshotSeconds)),
            BackupDays = variables.Number("SYNCSTORAGE_BACKUP_DAYS", 7, 1, MostDays),
            Restore = RestoreOf(variables),
        });
    }

    private static RestoreRequest? RestoreOf(VariableReader variables)
    {
        if (variables.Value("SYNCSTORAGE_RESTORE_ID") is not { Length: > 0 } id) return null;
        if (DateTimeOffset.TryParseExact(
            variables.Text("SYNCSTORAGE_RESTORE_TO"), RestoreRequest.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var to)) return new RestoreRequest(id, to);
        variables.Add($"SYNCSTORAGE_RESTORE_TO must be a time like {RestoreRequest.TimeFormat}");
        return null;
    }
}

/// <summary>What a volume that was made of a snapshot is brought to.</summary>
/// <param name="Id">Of this restore: a service that starts again finds by it whether it was done.</param>
/// <param name="To">Everything that was committed before this second ends, and nothing after it.</param>
internal sealed record RestoreRequest(string Id, DateTimeOffset To)
{
    /// <summary>Binary logs know seconds.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
}
