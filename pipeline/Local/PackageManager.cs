namespace SyncStorage.Pipeline.Local;

/// <summary>How a package manager installs without asking, and what it calls MariaDB and memcached.</summary>
/// <param name="Program">E.g. <c>apt-get</c>.</param>
/// <param name="Refresh">Arguments that fetch the lists of packages; empty if installing does.</param>
/// <param name="Install">Arguments before the packages.</param>
/// <param name="Database">
/// Packages with the database server, the best first, several separated by spaces; on Debian the first are the programs (the client's
/// has what <c>mariadb-install-db</c> calls) without a service that starts.
/// </param>
/// <param name="Cache">The package with memcached.</param>
/// <param name="AsRoot">False for Homebrew, which refuses root.</param>
internal sealed record PackageManager(
    string Program, IReadOnlyList<string> Refresh, IReadOnlyList<string> Install, IReadOnlyList<string> Database, string Cache, bool AsRoot = true)
{
    public static IReadOnlyList<PackageManager> All { get; } =
    [
        new("apt-get", ["update", "-q"], ["install", "-y", "-q", "--no-install-recommends"], ["mariadb-server-core mariadb-client-core", "mariadb-server"], "memcached"),
        new("dnf", [], ["install", "-y", "-q"], ["mariadb-server", "mariadb105-server"], "memcached"),
        new("yum", [], ["install", "-y", "-q"], ["mariadb-server", "mariadb105-server"], "memcached"),
        new("apk", [], ["add", "--no-cache"], ["mariadb"], "memcached"),
        new("pacman", [], ["-Sy", "--noconfirm", "--needed"], ["mariadb"], "memcached"),
        new("zypper", [], ["--non-interactive", "install"], ["mariadb"], "memcached"),
        new("brew", [], ["install"], ["mariadb"], "memcached", AsRoot: false),
    ];

    /// <summary>What a person types to get the packages.</summary>
    public string Command(IReadOnlyCollection<string> packages) =>
        $"{(AsRoot ? "sudo " : "")}{Program} {string.Join(' ', Install.Where(argument => argument is not "-q"))} {string.Join(' ', packages)}";
}
