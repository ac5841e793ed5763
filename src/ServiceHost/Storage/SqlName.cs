using System.Text.RegularExpressions;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>Names that may stand in SQL.</summary>
internal static partial class SqlName
{
    /// <summary>A database or an account.</summary>
    [GeneratedRegex("^[a-z0-9_]{1,64}\\z")]
    public static partial Regex Pattern { get; }
}
