namespace SyncStorage.DatabaseNode.Engine;

/// <summary>MariaDB's programs on this machine.</summary>
/// <param name="Server">The server.</param>
/// <param name="Installer">What makes an empty data directory.</param>
internal sealed record MariaDbPrograms(string Server, string Installer)
{
    // Distributions keep the server out of an ordinary user's PATH.
    private static readonly string[] UsualDirectories = ["/usr/sbin", "/usr/libexec", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

    /// <summary>Finds them.</summary>
    /// <exception cref="DatabaseException">One is missing.</exception>
    public static MariaDbPrograms Find()
    {
        string[] directories = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. UsualDirectories];
        return new MariaDbPrograms(Named("mariadbd"), Named("mariadb-install-db"));

        string Named(string program) => directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists)
            ?? throw new DatabaseException($"This machine has no {program}: the image was baked without MariaDB's server.");
    }
}

/// <summary>The database can't be used; the message says why.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);
