namespace SyncStorage.TokenServer.Users;

/// <summary>The tables of a token server's database, in SQL that MySQL 8 and MariaDB share. Times are milliseconds since 1970.</summary>
internal static class TokenSchema
{
    /// <summary>The schema that <c>init-db</c> makes.</summary>
    public const int Version = 1;

    /// <summary>What this service is called among services.</summary>
    public const string Service = "sync-1.5";

    /// <summary>The tables by name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tables = new Dictionary<string, string>
    {
        ["schema_version"] = """
            CREATE TABLE IF NOT EXISTS schema_version (
              one TINYINT NOT NULL PRIMARY KEY,
              version INT NOT NULL
            ) ENGINE=InnoDB
            """,
        ["services"] = """
            CREATE TABLE IF NOT EXISTS services (
              id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              service VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              pattern VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              UNIQUE KEY services_service (service)
            ) ENGINE=InnoDB
            """,
        ["nodes"] = """
            CREATE TABLE IF NOT EXISTS nodes (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              service INT NOT NULL,
              node VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              available INT NOT NULL,
              current_load INT NOT NULL,
              capacity INT NOT NULL,
              downed INT NOT NULL,
              backoff INT NOT NULL,
              UNIQUE KEY nodes_node (service, node)
            ) ENGINE=InnoDB
            """,
        ["users"] = """
            CREATE TABLE IF NOT EXISTS users (
              uid BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              service INT NOT NULL,
              email VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              generation BIGINT NOT NULL,
              client_state VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              created_at BIGINT NOT NULL,
              replaced_at BIGINT NULL,
              nodeid BIGINT NULL,
              keys_changed_at BIGINT NULL,
              KEY users_email (email, service, generation, created_at),
              KEY users_replaced (service, replaced_at),
              KEY users_node (nodeid, replaced_at)
            ) ENGINE=InnoDB
            """,
    };

    /// <summary>The rows that every database has.</summary>
    public static readonly IReadOnlyList<string> Rows =
    [
        $"INSERT IGNORE INTO schema_version (one, version) VALUES (1, {Version})",
        $"INSERT IGNORE INTO services (service, pattern) VALUES ('{Service}', '{{node}}/1.5/{{uid}}')",
    ];

    /// <summary>Makes them.</summary>
    public static SchemaMaker Maker { get; } = new(Tables, Rows);
}
