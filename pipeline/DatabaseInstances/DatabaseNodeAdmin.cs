namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>The dbnode binary's admin commands, as command lines for an instance.</summary>
public static class DatabaseNodeAdmin
{
    // Outside LocalCloud DESTDIR is empty; there it is the instance's root directory.
    private const string Executable = "\"${DESTDIR:-}/opt/syncstorage/dbnode/dbnode\" admin ";

    /// <summary>The release of the installed files, and that there is a server.</summary>
    public static string Version => Executable + "version";

    /// <summary>What it is doing.</summary>
    public static string Status => Executable + "status";

    /// <summary>Brings what is committed to the bucket.</summary>
    public static string Ship => Executable + "ship";

    /// <summary>Makes a snapshot of its volume.</summary>
    public static string Snapshot => Executable + "snapshot";

    /// <summary>Gives the master account the password that is stored.</summary>
    public static string SetMaster => Executable + "set-master";

    /// <summary>What was restored is in service: its backups begin.</summary>
    public static string Begin => Executable + "begin";
}
