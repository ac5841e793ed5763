namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>Finds MariaDB on this machine.</summary>
internal sealed record MariaDbPrograms(string Server, string Installer)
{
    // Distributions keep the server out of an ordinary user's PATH.
    private static readonly string[] UsualDirectories =
        ["/usr/sbin", "/usr/bin", "/usr/libexec", "/usr/local/sbin", "/usr/local/bin", "/usr/local/mysql/bin", "/opt/homebrew/bin"];

    /// <summary>The programs, or null if one of them is missing.</summary>
    public static MariaDbPrograms? Find() => Find(
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. UsualDirectories]);

    internal static MariaDbPrograms? Find(IReadOnlyList<string> directories)
    {
        var server = First("mariadbd") ?? First("mysqld");
        var installer = First("mariadb-install-db") ?? First("mysql_install_db");
        return server is null || installer is null ? null : new(server, installer);

        string? First(string program) => directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
    }
}
