namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The command lines of MariaDB. Durable as on RDS, small as a laptop wants it.</summary>
internal static class MariaDbOptions
{
    private const string RedoLog = "--innodb-log-file-size=16M";

    public static IReadOnlyList<string> Of(DatabaseServer server, MariaDbFiles files)
    {
        List<string> options =
        [
            "--no-defaults",
            $"--datadir={files.Data(server.Id)}",
            $"--tmpdir={files.Temporary(server.Id)}",
            $"--socket={files.Socket(server.Id)}",
            $"--pid-file={Path.Combine(files.Data(server.Id), "mariadb.pid")}",
            $"--log-error={files.Log(server.Id)}",
            $"--bind-address={server.Address}",
            $"--port={server.Port}",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--character-set-server=utf8mb4",
            "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
            "--local-infile=OFF",
            $"--secure-file-priv={files.Temporary(server.Id)}",
            "--max-allowed-packet=64M",
            $"--max-connections={InstanceClasses.MaxConnections(server.InstanceClass)}",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=64M",
            RedoLog,

            // A process that is stopped must not have writes under way in the kernel: snapshots rely on it.
            "--innodb-use-native-aio=OFF",
            "--performance-schema=OFF",
            "--key-buffer-size=1M",
            "--aria-pagecache-buffer-size=8M",
        ];
        if (File.Exists(files.InitFile(server.Id))) options.Add($"--init-file={files.InitFile(server.Id)}");
        options.AddRange(AsRoot());
        return options;
    }

    public static IReadOnlyList<string> Install(string directory) =>
        ["--no-defaults", $"--datadir={directory}", "--auth-root-authentication-method=normal", "--skip-test-db", RedoLog, .. AsRoot()];

    /// <summary>MariaDB refuses to run as root unless it is told to.</summary>
    private static string[] AsRoot() => Environment.IsPrivilegedProcess ? ["--user=root"] : [];
}
