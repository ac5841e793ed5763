namespace SyncStorage.TestSupport;

/// <summary>The categories of tests. A test without one runs in memory, with a fake clock.</summary>
public static class Categories
{
    /// <summary>Speaks to LocalCloud over HTTP.</summary>
    public const string Emulator = nameof(Emulator);

    /// <summary>Starts real processes: mariadbd, memcached, a webhead.</summary>
    public const string Processes = nameof(Processes);

    /// <summary>Builds and runs a container image, with docker or podman.</summary>
    public const string Containers = nameof(Containers);

    /// <summary>Runs other people's checkers, which are fetched where they are missing.</summary>
    public const string Linters = nameof(Linters);

    /// <summary>Runs a whole deployment.</summary>
    public const string EndToEnd = nameof(EndToEnd);
}
