using System.Net;
using System.Security.Cryptography;
using System.Text;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Engine;

/// <summary>
/// The accounts that a server starts with: this service's own, for its own address and with a password that nobody else ever sees, and the master's with
/// the password that is stored now. Passwords appear only as the hashes that the server itself keeps.
/// </summary>
internal static class ServerAccounts
{
    /// <summary>This service's own account.</summary>
    public const string Own = "dbnode";

    /// <summary>The account that <c>init-db</c> uses, as RDS makes one.</summary>
    public const string Master = "syncadmin";

    /// <summary>What RDS grants to a master user: no SUPER, no FILE, no SHUTDOWN.</summary>
    private const string MasterPrivileges =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
        + "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER";

    /// <summary>One statement a line, as an init file wants it. None goes to the binary log: they are this server's, not the data's.</summary>
    public static string InitFile(IPAddress address, Secret own, Secret master)
    {
        // Whoever asks at one of a machine's loopback addresses comes from another one of them.
        var here = IPAddress.IsLoopback(address) ? "127.%" : address.ToString();
        string[] statements =
        [
            "SET SESSION sql_log_bin = 0;",
            $"DELETE FROM mysql.global_priv WHERE User IN ('', 'root', '{Own}');",
            "FLUSH PRIVILEGES;",
            $"CREATE USER '{Own}'@'{here}' IDENTIFIED BY PASSWORD '{Hash(own)}';",
            $"GRANT ALL PRIVILEGES ON *.* TO '{Own}'@'{here}' WITH GRANT OPTION;",
            $"CREATE USER IF NOT EXISTS '{Master}'@'%';",
            $"{SetMaster(master)};",
            $"GRANT {MasterPrivileges} ON *.* TO '{Master}'@'%' WITH GRANT OPTION;",
        ];
        return string.Join('\n', statements) + "\n";
    }

    /// <summary>The statement that gives the master account a password.</summary>
    public static string SetMaster(Secret password) => $"ALTER USER '{Master}'@'%' IDENTIFIED BY PASSWORD '{Hash(password)}'";

    /// <summary>The server's own hash: a star and SHA-1 of SHA-1, in hex.</summary>
    public static string Hash(Secret password)
    {
#pragma warning disable CA5350 // The protocol's algorithm (mysql_native_password), not our choice.
        return "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password.Reveal()))));
#pragma warning restore CA5350
    }
}
