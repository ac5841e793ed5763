namespace SyncStorage.Webhead.Storage;

/// <summary>The tables of a virtual hostname's database, in SQL that MySQL 8 and MariaDB share.</summary>
internal static class Schema
{
    /// <summary>The schema that <c>init-db</c> makes.</summary>
    public const int Version = 1;

    /// <summary>The first number of a collection that is not one of the well-known.</summary>
    public const int FirstCustomCollection = 101;

    /// <summary>When an item expires that has no ttl: never.</summary>
    public const long Never = 2_100_000_000_000;

    /// <summary>The collections that have the same number everywhere.</summary>
    public static readonly IReadOnlyList<string> WellKnown =
    [
        "clients", "crypto", "forms", "history", "keys", "meta", "bookmarks", "prefs", "tabs", "passwords", "addons", "addresses", "creditcards",
    ];

    /// <summary>
    /// The tables by name. Ids are binary, since collations would take <c>a</c> and <c>A</c>, or <c>a</c> and <c>a␠</c>, for the same.
    /// Times are milliseconds: a <c>bso</c>'s ttl is when it expires, to the millisecond, lest an item that is to live a second lives none.
    /// The items of a batch have the seconds that they shall live from its commit.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Tables = new Dictionary<string, string>
    {
        ["schema_version"] = """
            CREATE TABLE IF NOT EXISTS schema_version (
              one TINYINT NOT NULL PRIMARY KEY,
              version INT NOT NULL
            ) ENGINE=InnoDB
            """,
        ["collections"] = $"""
            CREATE TABLE IF NOT EXISTS collections (
              collectionid INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              UNIQUE KEY collections_name (name)
            ) ENGINE=InnoDB AUTO_INCREMENT={FirstCustomCollection}
            """,
        ["user_collections"] = """
            CREATE TABLE IF NOT EXISTS user_collections (
              userid BIGINT NOT NULL,
              collection INT NOT NULL,
              last_modified BIGINT NOT NULL,
              PRIMARY KEY (userid, collection)
            ) ENGINE=InnoDB
            """,
        ["bso"] = $"""
            CREATE TABLE IF NOT EXISTS bso (
              userid BIGINT NOT NULL,
              collection INT NOT NULL,
              id VARBINARY(64) NOT NULL,
              sortindex INT NULL,
              modified BIGINT NOT NULL,
              payload MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              payload_size INT NOT NULL DEFAULT 0,
              ttl BIGINT NOT NULL DEFAULT {Never},
              PRIMARY KEY (userid, collection, id),
              KEY bso_ttl (ttl),
              KEY bso_modified (userid, collection, modified)
            ) ENGINE=InnoDB
            """,
        ["batch_uploads"] = """
            CREATE TABLE IF NOT EXISTS batch_uploads (
              batch BIGINT NOT NULL,
              userid BIGINT NOT NULL,
              collection INT NOT NULL,
              PRIMARY KEY (batch, userid),
              KEY batch_uploads_user (userid)
            ) ENGINE=InnoDB
            """,
        ["cache_repairs"] = """
            CREATE TABLE IF NOT EXISTS cache_repairs (
              userid BIGINT NOT NULL PRIMARY KEY,
              stamp BIGINT NOT NULL
            ) ENGINE=InnoDB
            """,
        ["batch_upload_items"] = """
            CREATE TABLE IF NOT EXISTS batch_upload_items (
              batch BIGINT NOT NULL,
              userid BIGINT NOT NULL,
              id VARBINARY(64) NOT NULL,
              sortindex INT NULL,
              payload MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
              payload_size INT NULL,
              ttl_offset INT NULL,
              PRIMARY KEY (batch, userid, id)
            ) ENGINE=InnoDB
            """,
    };

    /// <summary>The rows that every database has.</summary>
    public static readonly IReadOnlyList<string> Rows =
    [
        $"INSERT IGNORE INTO schema_version (one, version) VALUES (1, {Version})",
        // Before the first release, ttl was in seconds. The index makes this cost nothing where there are none.
        "UPDATE bso SET ttl = ttl * 1000 WHERE ttl < 100000000000",
        "INSERT IGNORE INTO collections (collectionid, name) VALUES "
            + string.Join(", ", WellKnown.Select((name, index) => $"({index + 1}, '{name}')")),
    ];

    /// <summary>Makes them.</summary>
    public static SchemaMaker Maker { get; } = new(Tables, Rows);
}
