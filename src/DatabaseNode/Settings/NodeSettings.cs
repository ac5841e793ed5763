using System.Globalization;
using System.Net;

namespace SyncStorage.DatabaseNode.Settings;

/// <summary>What a dbnode is told at its launch.</summary>
internal sealed record NodeSettings
{
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
        var file = EnvironmentFile.Read(installation.EnvironmentFile);
        return new Reader(name => environment(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name)).Read();
    }

    private sealed class Reader(Func<string, string?> variable)
    {
        private const int MostShipSeconds = 3600;
        private const int MostSnapshotSeconds = 7 * 24 * 3600;
        private const int MostDays = 35;

        private readonly List<string> errors = [];

        public NodeSettings Read()
        {
            var settings = new NodeSettings
            {
                Cluster = Text("SYNCSTORAGE_CLUSTER"),
                Bucket = Text("SYNCSTORAGE_BUCKET"),
                Node = Text("SYNCSTORAGE_NODE"),
                Address = Parse("SYNCSTORAGE_ADDRESS", "an IP address", text => IPAddress.TryParse(text, out var address) ? address : null) ?? IPAddress.None,
                Port = Number("SYNCSTORAGE_PORT", 3306, 65535),
                Region = Text("AWS_REGION"),
                VolumeId = Text("SYNCSTORAGE_VOLUME"),
                EndpointUrl = variable("AWS_ENDPOINT_URL") is { Length: > 0 }
                    ? Parse("AWS_ENDPOINT_URL", "a URL", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null)
                    : null,
                Root = variable("DESTDIR") ?? "",
                ShipEvery = TimeSpan.FromSeconds(Number("SYNCSTORAGE_SHIP_SECONDS", 60, MostShipSeconds)),
                SnapshotEvery = TimeSpan.FromSeconds(Number("SYNCSTORAGE_SNAPSHOT_SECONDS", 24 * 3600, MostSnapshotSeconds)),
                BackupDays = Number("SYNCSTORAGE_BACKUP_DAYS", 7, MostDays),
                Restore = Restore(),
            };
            return errors.Count == 0 ? settings : throw new SettingsException(errors);
        }

        private string Text(string name)
        {
            if (variable(name) is { Length: > 0 } value) return value;
            errors.Add($"{name} is missing");
            return "";
        }

        private T? Parse<T>(string name, string what, Func<string, T?> parse)
            where T : class
        {
            var text = Text(name);
            var value = parse(text);
            if (value is null && text.Length > 0) errors.Add($"{name} must be {what}, and is \"{text}\"");
            return value;
        }

        private int Number(string name, int standard, int most)
        {
            if (variable(name) is not { Length: > 0 } text) return standard;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
            errors.Add($"{name} must be a number from 1 to {most}, and is \"{text}\"");
            return standard;
        }

        private RestoreRequest? Restore()
        {
            if (variable("SYNCSTORAGE_RESTORE_ID") is not { Length: > 0 } id) return null;
            if (DateTimeOffset.TryParseExact(
                Text("SYNCSTORAGE_RESTORE_TO"), RestoreRequest.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var to)) return new RestoreRequest(id, to);
            errors.Add($"SYNCSTORAGE_RESTORE_TO must be a time like {RestoreRequest.TimeFormat}");
            return null;
        }
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
