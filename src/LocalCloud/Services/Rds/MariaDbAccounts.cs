using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>
/// The SQL that turns a fresh data directory into an instance's. Passwords appear only as the hashes that the server
/// itself stores.
/// </summary>
internal static class MariaDbAccounts
{
    /// <summary>LocalCloud's own account, by socket only, as RDS has one.</summary>
    public const string Administrator = "rdsadmin";

    /// <summary>What RDS grants to the master user: no SUPER, no FILE, no SHUTDOWN.</summary>
    private const string MasterPrivileges =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
        + "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, "
        + "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER";

    /// <summary>One statement a line, as an init file wants it.</summary>
    public static string InitFile(string master, string masterPassword, string administratorPassword, string? database)
    {
        string[] statements =
        [
            "DELETE FROM mysql.global_priv WHERE User IN ('', 'root');",
            "DELETE FROM mysql.proxies_priv;",
            "FLUSH PRIVILEGES;",
            $"CREATE OR REPLACE USER '{Administrator}'@'localhost' IDENTIFIED BY PASSWORD '{Hash(administratorPassword)}';",
            $"GRANT ALL PRIVILEGES ON *.* TO '{Administrator}'@'localhost' WITH GRANT OPTION;",
            $"CREATE OR REPLACE USER '{Name(master)}'@'%' IDENTIFIED BY PASSWORD '{Hash(masterPassword)}';",
            $"GRANT {MasterPrivileges} ON *.* TO '{Name(master)}'@'%' WITH GRANT OPTION;",
            .. database is null ? Array.Empty<string>() : [$"CREATE DATABASE IF NOT EXISTS `{Name(database)}`;"],
        ];
        return string.Join('\n', statements) + "\n";
    }

    public static string SetPassword(string master, string password) =>
        $"ALTER USER '{Name(master)}'@'%' IDENTIFIED BY PASSWORD '{Hash(password)}'";

    /// <summary>The server's own hash: a star and SHA-1 of SHA-1, in hex.</summary>
    public static string Hash(string password)
    {
#pragma warning disable CA5350 // The protocol's algorithm (mysql_native_password), not our choice.
        return "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5350
    }

    /// <summary>Names come checked; this only makes sure that none can leave its quotes.</summary>
    private static string Name(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        ? name
        : throw new ArgumentException($"'{name}' is no name of an account or database.", nameof(name));
}
