using System.Globalization;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Engine;

/// <summary>What a server is started for.</summary>
internal enum ServerMode
{
    /// <summary>It serves, and writes binary logs.</summary>
    Serving,

    /// <summary>It carries binary logs out that were fetched.</summary>
    Replaying,
}

/// <summary>MariaDB's command lines: no file of the machine's is read. Durable: what was committed is on the disk, and in the binary log.</summary>
internal static class ServerOptions
{
    /// <summary>Binary logs are <c>binlog.000001</c> and so on.</summary>
    public const string LogName = "binlog";

    /// <summary>Fetched binary logs that are carried out are <c>relay.000001</c> and so on.</summary>
    public const string RelayName = "relay";

    private const long MiB = 1024 * 1024;

    /// <summary>The options of a server.</summary>
    /// <param name="settings">Whose it is.</param>
    /// <param name="volume">Its files.</param>
    /// <param name="initFile">Statements that it begins with.</param>
    /// <param name="mode">What it is for.</param>
    public static IReadOnlyList<string> Of(NodeSettings settings, DataVolume volume, string initFile, ServerMode mode) =>
    [
        "--no-defaults",
        $"--datadir={volume.Data}",
        $"--tmpdir={volume.Temporary}",
        // An abstract one is no file: nobody uses it, and it can't be switched off.
        $"--socket=@dbnode-{settings.Cluster}-{settings.Address}",
        $"--pid-file={volume.PidFile}",
        $"--bind-address={settings.Address}",
        string.Create(CultureInfo.InvariantCulture, $"--port={settings.Port}"),
        $"--init-file={initFile}",
        "--skip-name-resolve",
        "--skip-slave-start",
        "--character-set-server=utf8mb4",
        "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
        "--local-infile=OFF",
        "--max-allowed-packet=64M",
        "--max-connections=500",
        "--innodb-flush-log-at-trx-commit=1",
        string.Create(CultureInfo.InvariantCulture, $"--innodb-buffer-pool-size={BufferPool(settings) / MiB}M"),
        $"--innodb-log-file-size={(settings.IsLocal ? "16M" : "512M")}",
        "--performance-schema=OFF",
        .. Logging(volume, mode),
        .. settings.IsLocal ? Local : [],
        .. AsRoot(),
    ];

    /// <summary>The options of what makes an empty data directory.</summary>
    public static IReadOnlyList<string> Install(string data, string temporary) =>
        ["--no-defaults", $"--datadir={data}", $"--tmpdir={temporary}", "--auth-root-authentication-method=normal", "--skip-test-db", .. AsRoot()];

    // Here many share a machine, and snapshots rely on it that a process that stands still has no write under way in the kernel.
    private static string[] Local => ["--innodb-use-native-aio=OFF", "--key-buffer-size=1M", "--aria-pagecache-buffer-size=8M"];

    // Also one that replays needs its binary log: what was prepared when its snapshot was made is committed if it is in there.
    private static string[] Logging(DataVolume volume, ServerMode mode) =>
    [
        // As seen from the data directory: the server's index of its logs has the paths, and LocalCloud's instances have a root directory each.
        $"--log-bin={Path.Combine(Path.GetRelativePath(volume.Data, volume.BinaryLogs), LogName)}",
        "--binlog-format=ROW",
        "--binlog-checksum=CRC32",
        "--sync-binlog=1",
        "--max-binlog-size=64M",
        // A server does not carry out what it wrote itself.
        $"--server-id={(mode == ServerMode.Serving ? 1 : 2)}",
        $"--relay-log={Path.Combine(volume.Fetched, RelayName)}",
        $"--relay-log-index={Path.Combine(volume.Fetched, RelayName)}.index",
        "--relay-log-purge=OFF",
    ];

    private static long BufferPool(NodeSettings settings) =>
        settings.IsLocal ? 64 * MiB : Math.Max(128 * MiB, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 6 / 10);

    /// <summary>MariaDB refuses to run as root unless it is told to.</summary>
    private static string[] AsRoot() => Environment.IsPrivilegedProcess ? ["--user=root"] : [];
}
