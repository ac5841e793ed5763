namespace SyncStorage.Webhead.Storage;

/// <summary>Which collections are kept where, if the cluster has a cache.</summary>
internal static class Collections
{
    /// <summary>The collection that is in the cache alone: what a device has open is worth nothing once it is lost.</summary>
    public const string Tabs = "tabs";

    /// <summary>Small, and read at every sync: in the database, and in the cache as a whole.</summary>
    public static readonly IReadOnlyList<string> WrittenThrough = ["meta", "clients"];
}
