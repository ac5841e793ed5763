namespace SyncStorage.DatabaseNode.Recovery;

/// <summary>A volume can't be brought to a time. It stays none to serve from.</summary>
/// <param name="code">One of the constants here: the pipeline tells people by it what to do.</param>
/// <param name="message">What is wrong.</param>
/// <param name="inner">How that was found; null if it was not by an exception.</param>
internal sealed class RestoreException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A binary log, or what the snapshot holds, is not what it was.</summary>
    public const string Damaged = "backup-damaged";

    /// <summary>A binary log that is needed is not there.</summary>
    public const string Incomplete = "backup-incomplete";

    /// <summary>The time is one that no backup reaches.</summary>
    public const string OutOfReach = "time-out-of-reach";

    /// <summary>One of them.</summary>
    public string Code => code;
}
